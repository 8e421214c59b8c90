import { readFileSync } from 'node:fs';
import { ConfigError, parseJson } from '@attune/base';
import type { Task } from '@attune/core';
import {
  canonicalJson,
  parseExperimentRecord,
  parseTrialRecord,
  type Read,
  recordFileName,
  recordText,
} from '@attune/records';
import { listed, sampleExperiment, sampleRecord } from '@attune/records/testing';
import { tasks } from '@attune/superglue';
import { createTokenizer } from '@attune/tokenizer';
import type { FuzzTarget } from '../packages/checkpoints/test/fuzz/fuzz-target.ts';
import { mutateJsonFile, mutateLine } from '../packages/checkpoints/test/fuzz/structure-targets.ts';
import { fuzzTargets } from '../packages/checkpoints/test/fuzz/targets.ts';
import { parsePretrainingRecipe } from '../packages/training/src/pretraining/recipe.ts';

const shipped = (name: string) => readFileSync(new URL(`../datasets/checkpoints/mini-bert/${name}`, import.meta.url));
const where = 'tokenizer.json';
const tokenizer = createTokenizer({ tokenizer: parseJson(shipped(where), where), where });
const layout = { purpose: 'evaluate', tokenizer, maxLength: 64, numVirtualTokens: 0, seed: 1 } as const;

/** Rows of a task: what is accepted has metrics that are numbers, and can be laid out or is refused. */
function rowTarget(task: Task): FuzzTarget {
  return {
    name: `${task.name} rows, structure`,
    beside: new Map(),
    file: 'train.jsonl',
    originals: [new TextEncoder().encode(`${JSON.stringify(task.exampleRow)}\n`)],
    mutate: mutateLine,
    load: async ({ path, bytes }) => {
      const rows = task.parseRows(bytes, path);
      for (const [metric, value] of Object.entries(inFile(path, () => task.chance(rows)))) {
        if (!(Math.abs(value) <= 1)) throw new Error(`chance of ${metric}: ${value}`);
      }
      for (const formulation of task.formulations) inFile(path, () => task.formulate({ rows, formulation, ...layout }));
    },
  };
}

/** Formulations and metrics know rows, not their file. */
function inFile<Value>(path: string, run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error) error.message = `${path}: ${error.message}`;
    throw error;
  }
}

/** A record of a trial or an experiment: any change is noticed, since records are sealed by a hash. */
function recordTarget(name: string, record: object, parse: (text: string) => Read<object>): FuzzTarget {
  return {
    name: `${name}, structure`,
    beside: new Map(),
    file: 'record.json',
    originals: [new TextEncoder().encode(recordText(record))],
    mutate: mutateJsonFile,
    load: async ({ path, bytes }) => {
      const read = parse(new TextDecoder().decode(bytes));
      if ('problems' in read) throw new ConfigError(`${path}: ${read.problems.join('; ')}`);
      if (canonicalJson(read.value) !== canonicalJson(record)) throw new Error('another record than was sealed');
    },
  };
}

const trial = sampleRecord();

const recipe: FuzzTarget = {
  name: 'recipe.json, structure',
  beside: new Map(),
  file: 'recipe.json',
  originals: [shipped('recipe.json')],
  mutate: mutateJsonFile,
  load: async ({ path, bytes }) => {
    parsePretrainingRecipe(parseJson(bytes, path), path);
  },
};

/** Every kind of file that is loaded from outside. */
export const allTargets: readonly FuzzTarget[] = [
  ...fuzzTargets,
  ...tasks.map(rowTarget),
  recordTarget('trial record', trial, (text) => parseTrialRecord(text, recordFileName(trial))),
  recordTarget('experiment record', sampleExperiment([listed(trial)]), parseExperimentRecord),
  recipe,
];
