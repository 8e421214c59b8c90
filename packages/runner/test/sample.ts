import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FineTuningMethod, Task } from '@attune/core';
import type { TrialConfig } from '@attune/records';
import { zeroShot } from '@attune/zero-shot';
import { z } from 'zod';
import type { Catalog } from '../src/experiment/catalog.ts';

/** A method with settings to get wrong; never attached. */
export const nudge: FineTuningMethod<{ strength: number; mode: 'up' | 'down' }> = {
  name: 'nudge',
  settings: z.strictObject({ strength: z.number().positive().default(1), mode: z.enum(['up', 'down']).default('up') }),
  attach: () => {
    throw new Error('not attached in these tests');
  },
};

function sampleTask(name: string, directory: string): Task {
  return {
    name,
    version: 1,
    directory,
    metrics: [{ name: 'accuracy', measure: () => 0 }],
    formulations: ['cloze'],
    parseRows: () => [],
    patterns: {},
    exampleRow: {},
    formulate: () => {
      throw new Error('not formulated in these tests');
    },
    score: () => ({}),
    majority: () => ({}),
    chance: () => ({}),
  };
}

export const tides = sampleTask('tides', 'Tides');
export const winds = sampleTask('winds', 'Winds');

/** A new folder with data of both tasks and a model directory; contents are never parsed in these tests. */
export function sampleFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'attune-runner-'));
  for (const task of ['Tides', 'Winds']) {
    mkdirSync(join(folder, 'data', task), { recursive: true });
    for (const split of ['train', 'dev', 'val']) writeFileSync(join(folder, 'data', task, `${split}.jsonl`), '{}\n');
  }
  mkdirSync(join(folder, 'model'));
  for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) {
    writeFileSync(join(folder, 'model', name), name);
  }
  return folder;
}

export function sampleCatalog(folder: string): Catalog {
  return {
    methods: [nudge as FineTuningMethod, zeroShot as FineTuningMethod],
    tasks: [tides, winds],
    models: { small: join(folder, 'model') },
    codeDirectories: {},
  };
}

export const sampleDefinition = {
  name: 'sample',
  title: 'A sample',
  question: 'Does it work?',
  models: ['small'],
  data: { directory: 'data', regime: 'full', splits: { train: 'train', select: 'dev', report: 'val' } },
  tasks: ['tides', 'winds'],
  arms: [{ method: 'nudge' }, { method: 'zero-shot' }],
  seeds: [1, 2],
};

const hash = (digit: string) => digit.repeat(64);

export const sampleConfig: TrialConfig = {
  model: { name: 'small', checkpointHash: hash('1'), initialization: 'checkpoint' },
  method: { name: 'nudge', label: 'nudge', settings: { strength: 1, mode: 'up' } },
  formulation: 'cloze',
  task: { name: 'tides', version: 1 },
  data: { regime: 'full', trainSplit: 'train', selectionSplit: 'dev', reportedSplit: 'val', hash: hash('2') },
  training: {
    learningRate: 1e-3,
    batchSize: 8,
    epochs: 1,
    warmupRatio: 0.1,
    weightDecay: 0,
    l1: 0,
    l2: 0,
    maxLength: 32,
    evaluationsPerEpoch: 1,
  },
  seed: 1,
  engine: { name: 'onnx', device: 'cpu' },
  code: hash('3'),
};

export const sampleEnvironment = { commit: 'c0ffee', dirty: false, node: 'v20', platform: 'linux-x64', versions: {} };
