import { modelFamily } from '@attune/core';
import { tinyBert, tinyGpt2, tinyLlama } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import { type PretrainingRecipe, smallModel } from './recipe.ts';

const recipe: PretrainingRecipe = {
  ...{ objective: 'causal', seed: 1, maxLength: 16, warmupRatio: 0, weightDecay: 0 },
  phases: [{ corpus: ['a.txt'], steps: 3, batchSize: 4, learningRate: 0.002 }],
};

describe('smallModel', () => {
  it.each([
    ['bert', tinyBert().config],
    ['gpt2', tinyGpt2().config],
    // Head sizes are given for no tiny model, so they follow from the others.
    ['llama', { ...tinyLlama().config, rope_scaling: null }],
  ])('doubles layers, heads and widths of a %s', (_, given) => {
    const { config } = smallModel({ config: { ...given }, recipe });
    const { model } = modelFamily(config, 'config.json').create(config, 'config.json');
    expect(model).toMatchObject({ hiddenSize: 32, numLayers: 4, vocabSize: 50, maxLength: 32 });
    const feedForward = model.projections.filter(({ inputSize, outputSize }) => Math.max(inputSize, outputSize) === 64);
    expect(feedForward.length).toBeGreaterThanOrEqual(8);
    expect(config.initializer_range).toBeCloseTo(0.3 / Math.SQRT2);
  });

  it('halves learning rates and leaves the rest of a recipe', () => {
    expect(smallModel({ config: {}, recipe }).recipe).toEqual({
      ...recipe,
      phases: [{ ...recipe.phases[0], learningRate: 0.001 }],
    });
  });
});
