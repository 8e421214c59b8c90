import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FineTuningMethod, Task } from '@attune/core';
import { type TrialConfig, trialKey } from '@attune/records';
import { sampleConfig, sampleHash } from '@attune/records/testing';
import { zeroShot } from '@attune/zero-shot';
import { z } from 'zod';
import type { Catalog } from '../src/experiment/definition.ts';
import type { Trial } from '../src/trial/expand-trials.ts';

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
const winds = sampleTask('winds', 'Winds');

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

/** A trial of the sample configuration; its arm is named after its method where no other name is given. */
export function sampleTrial(change: Partial<TrialConfig> = {}, arm?: string): Trial {
  const config = sampleConfig(change);
  return { key: trialKey(config), config, arm: arm ?? config.method.name, code: sampleHash('3'), index: 0, files: {} };
}
