import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floatTensor } from '@attune/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPretrainingState, removePretrainingState, writePretrainingState } from '../node/pretraining-state.ts';
import { parsePretrainingRecipe } from './recipe.ts';

const recipe = {
  ...{ seed: 1, maxLength: 32, warmupRatio: 0.1, weightDecay: 0.01, maskProbability: 0.15 },
  phases: [{ corpus: ['facts.txt'], steps: 3, batchSize: 4, learningRate: 1e-3 }],
};

describe('parsePretrainingRecipe', () => {
  it('takes words that are masked for what is predicted, unless told otherwise', () => {
    expect(parsePretrainingRecipe(recipe)).toEqual({ objective: 'masked', ...recipe });
    const { maskProbability: _, ...causal } = { ...recipe, objective: 'causal' };
    expect(parsePretrainingRecipe(causal)).toEqual(causal);
  });

  it('lists every problem by its place', () => {
    const phases = [{ corpus: [], steps: 0, batchSize: 4, learningRate: 1e-3 }];
    expect(() => parsePretrainingRecipe({ ...recipe, maskProbability: 1, phases }, 'small/recipe.json')).toThrow(
      /^small\/recipe\.json: not a usable recipe\n {2}maskProbability: .*\n {2}phases\[0\]\.corpus: .*\n {2}phases\[0\]\.steps: .*$/,
    );
  });

  it('refuses masking for a causal model', () => {
    expect(() => parsePretrainingRecipe({ ...recipe, objective: 'causal' })).toThrow('maskProbability');
  });
});

describe('the state of a pre-training', () => {
  let folder = '';
  let path = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-state-'));
    path = join(folder, 'pretraining-state.safetensors');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const state = {
    losses: [[3.5, 3.25, 3], []],
    tensors: new Map([
      ['w', floatTensor([2], [1, -0])],
      ['moment1.w', floatTensor([2], [1e-40, 2])],
    ]),
  };

  it('comes back as it was, for what it belongs to, until it is removed', async () => {
    await writePretrainingState(path, state, 'this');
    expect(await readPretrainingState(path, 'this')).toEqual(state);
    await expect(readPretrainingState(path, 'that')).rejects.toThrow(
      `${path}: expected the state of this pre-training, got another's: recipe, config, tokenizer, corpus or engine ` +
        'differ; remove the file to start anew, or choose another folder',
    );
    await removePretrainingState(path);
    expect(await readPretrainingState(path, 'this')).toBeUndefined();
  });

  it('that is damaged names the file and what to do', async () => {
    await writePretrainingState(path, state, 'this');
    await writeFile(path, (await readFile(path)).subarray(0, -3));
    await expect(readPretrainingState(path, 'this')).rejects.toThrow(
      /^\S+pretraining-state\.safetensors: .*truncated.*; remove the file to start anew$/,
    );
  });
});
