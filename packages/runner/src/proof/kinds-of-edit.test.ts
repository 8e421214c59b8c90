import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createOnnxEngine, type Engine } from '@attune/engine';
import { sampleEnvironment } from '@attune/records/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tideLines } from '../../test/tide-task.ts';
import { saveTinyModel } from '../../test/tiny-model.ts';
import { loadExperiment } from '../experiment/load-experiment.ts';
import { expandTrials } from '../trial/expand-trials.ts';
import { hashCode } from '../trial/hash-code.ts';
import { WorkerCaches } from '../trial/prepare-trial.ts';
import { runTrial } from '../trial/run-trial.ts';
import type { ProvedRecord } from './compare-with-record.ts';
import { ProvedRecords } from './proved-records.ts';
import { proveRecord, standingOf } from './standing.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** All that an experiment brings, before anything is edited. */
const sources = {
  'method.ts': `
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

const factors = { bert: 1.5, gpt2: 2 };

/** One factor on the outputs of every query projection. */
export const turn = {
  name: 'turn',
  settings: z.strictObject({}),
  attach({ model }) {
    const factor = factors[model.family];
    if (factor === undefined) throw new RangeError(\`turn: no factor for \${model.family}\`);
    return {
      parameters: [{ name: 'turn.scale', shape: [1], role: 'adapter', initializer: { kind: 'ones' }, decay: false }],
      initialValues: () => new Map([['turn.scale', { dtype: 'float32', shape: [1], data: Float32Array.of(factor) }]]),
      isTrainable: ({ name }) => name === 'turn.scale',
      hooks: {
        linear: {
          output: ({ name, output, parameters }) =>
            name.endsWith('query') ? tf.mul(output, parameters.get('turn.scale')) : output,
        },
      },
      numVirtualTokens: 0,
    };
  },
};
`,
  'tasks.ts': `
import { tides as base } from '${here('../../test/tide-task.ts')}';

const labels = ['low', 'high'];

/** [CLS] text [MASK] [SEP] */
function cloze({ rows, tokenizer }, pattern) {
  const { cls, sep, mask } = tokenizer.specialIds;
  return rows.map(({ text, label }) => {
    const inputIds = [cls, ...tokenizer.encode(pattern(text)), mask, sep];
    const sequence = { inputIds, tokenTypeIds: inputIds.map(() => 0), maskPositions: [inputIds.length - 2], virtualTokenPositions: [] };
    return { kind: 'cloze', label, sequence };
  });
}

function accuracy(rows, predictions) {
  const right = rows.filter(({ label }, index) => predictions[index].predicted === labels[label]);
  return right.length / rows.length;
}

export const tides = {
  ...base,
  formulate: (call) => ({ ...base.formulate(call), instances: cloze(call, (text) => text) }),
  score: (rows, predictions) => ({ accuracy: accuracy(rows, predictions) }),
};

export const winds = {
  ...tides,
  name: 'winds',
  formulate: (call) => ({ ...base.formulate(call), instances: cloze(call, (text) => \`today \${text}\`) }),
};
`,
  'experiment.ts': `
import { turn } from './method.ts';
import { tides } from './tasks.ts';

export default {
  name: 'edits', title: 'Tides', question: 'High or low?', models: [{ name: 'tiny', directory: '../model' }],
  data: { directory: '../data', regime: 'full', splits: { train: 'train', select: 'dev', report: 'val' } },
  tasks: [tides],
  arms: [{ method: turn, label: 'turned' }],
  training: { learningRate: 0.01, batchSize: 8, epochs: 2, maxLength: 16, dropout: 0.1 },
  seeds: [1],
};
`,
};

type Edit = readonly [file: keyof typeof sources, from: string, to: string];

let folder: string;
let engine: Engine;
let record: ProvedRecord;
let versions = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attune-edits-'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  symlinkSync(here('../../../../node_modules'), join(folder, 'node_modules'));
  await saveTinyModel(join(folder, 'model'));
  mkdirSync(join(folder, 'data', 'Tides'), { recursive: true });
  for (const split of ['train', 'dev', 'val']) {
    // An odd number, of which half cannot be right: a metric turned round gives another score.
    writeFileSync(join(folder, 'data', 'Tides', `${split}.jsonl`), tideLines(7));
  }
  engine = await createOnnxEngine();
  const { trial, context } = await edited();
  const finished = await runTrial(trial, context);
  expect(finished.record).toMatchObject({ status: 'completed', proof: expect.anything() });
  record = finished.record as ProvedRecord;
});
afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

/** The trial of the sources after an edit: of another folder, since modules are loaded once in a process. */
async function edited(edit?: Edit, libraries = { 'onnxruntime-node': '1' }) {
  versions += 1;
  const version = join(folder, `version-${versions}`);
  mkdirSync(version);
  for (const [file, text] of Object.entries(sources)) {
    const changed = file === edit?.[0] ? text.replace(edit[1], () => edit[2]) : text;
    expect(changed === text, `${file} is edited`).toBe(file !== edit?.[0]);
    writeFileSync(join(version, file), changed);
  }
  const catalog = { methods: [], tasks: [], models: {}, codeDirectories: { own: version } };
  const experiment = await loadExperiment({ file: join(version, 'experiment.ts'), options: {} }, catalog);
  const code = hashCode(catalog.codeDirectories);
  const [trial] = await expandTrials(experiment, { engine: { name: 'onnx', device: 'cpu' }, libraries, code });
  const context = { experiment, engine, environment: sampleEnvironment, caches: new WorkerCaches() };
  return { trial: trial!, context, catalog };
}

/** What a run does about the recorded trial. */
async function fate(...change: Parameters<typeof edited>): Promise<string> {
  const { trial, context, catalog } = await edited(...change);
  const recorded = (key: string) => (key === record.key ? record : undefined);
  const proved = await ProvedRecords.load({ output: folder, code: trial.code, experiment: undefined });
  const { experiment } = context;
  const standing = standingOf({ trials: [trial], experiment, catalog, store: { recorded }, proved });
  if (standing.absent.length > 0) return 'runs: another key';
  expect(trial.code).not.toBe(record.code);
  expect([...standing.toProve.keys()]).toEqual([record.key]);
  const { differences } = await proveRecord(trial, record, context);
  return differences.length === 0 ? 'taken over' : `runs: ${differences.join('; ')}`;
}

describe('an edit after which a record is taken over', () => {
  it.each<[string, ...Edit]>([
    ['a comment', 'method.ts', 'const factor = ', '// By family.\n    const factor = '],
    ['its format', 'tasks.ts', 'const labels = ', 'const\n  labels\n  =\n    '],
    ['a type', 'tasks.ts', 'accuracy(rows, predictions) {', 'accuracy(rows: readonly any[], predictions): number {'],
    ['a renamed function', 'tasks.ts', sources['tasks.ts'], sources['tasks.ts'].replaceAll('cloze(', 'asked(')],
    ['the text of an error', 'method.ts', 'no factor for', 'cannot turn'],
    ['an export that nobody uses', 'tasks.ts', 'const labels', "export const unused = 'x';\nconst labels"],
    ['another way to write the same', 'method.ts', "name.endsWith('query')", '/query$/.test(name)'],
    ['the pattern of another task', 'tasks.ts', 'today', 'the'],
    ['what a method does for another family', 'method.ts', 'gpt2: 2', 'gpt2: 3'],
    ['the label of an arm', 'experiment.ts', "'turned'", "'factor'"],
    ['the title', 'experiment.ts', "'Tides'", "'Ebb and flow'"],
    ['the list of seeds', 'experiment.ts', 'seeds: [1]', 'seeds: [1, 2]'],
  ])('%s', async (_, ...edit) => expect(await fate(edit)).toBe('taken over'));
});

describe('an edit after which a trial runs again', () => {
  it.each<[string, string, ...Edit]>([
    ['the arithmetic of its method', 'the training step differs', 'method.ts', 'tf.mul', 'tf.add'],
    ['what its method does for the family', 'initial values differ', 'method.ts', 'bert: 1.5', 'bert: 1.25'],
    ['the pattern of its task', 'instances of the training split differ', 'tasks.ts', '=> text)', "=> text + ' .')"],
    ['its metric', 'what the task makes of outputs differs', 'tasks.ts', ' / rows.length', ' / (rows.length + 1)'],
    [
      'how its task answers',
      'what the task makes of outputs differs',
      'tasks.ts',
      "['low', 'high']",
      "['high', 'low']",
    ],
    ['a setting of its training', 'another key', 'experiment.ts', 'epochs: 2', 'epochs: 3'],
  ])('%s', async (_, what, ...edit) => expect(await fate(edit)).toContain(`runs: ${what}`));

  it('a library of another version', async () => {
    expect(await fate(undefined, { 'onnxruntime-node': '2' })).toBe('runs: another key');
  });
});
