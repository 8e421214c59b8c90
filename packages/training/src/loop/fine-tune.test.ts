import { randomSource } from '@attune/base';
import { evaluationContext } from '@attune/core';
import { referenceEngine } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import { toyCall, toyInstances } from '../../test/training-toys.ts';
import { fineTune } from './fine-tune.ts';
import { fillDropoutMask } from './training-step.ts';

const selection = (score: () => number) => ({ instances: toyInstances('classification', 4), score });
const call = { ...toyCall('classification', { maxSteps: 2, epochs: 1 }), engine: referenceEngine() };

describe('fineTune refuses', () => {
  it('checkpoints beside a selection', async () => {
    const checkpoints = { everySteps: 1, from: undefined, save: async () => undefined };
    await expect(fineTune({ ...call, checkpoints, selection: selection(() => 1) })).rejects.toThrow(
      'training: expected checkpoints or a selection, got both; train without one of them',
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('a selection score of %d', async (score) => {
    await expect(fineTune({ ...call, selection: selection(() => score) })).rejects.toThrow(
      `selection.score: expected a finite number, got ${score}; check the metric on empty classes`,
    );
  });
});

describe('dropout', () => {
  it('has no mask outside training', () => {
    const request = { site: 'layer.0.attention', shape: [2], rate: 0.1 };
    expect(() => evaluationContext.noise(request)).toThrow(
      'layer.0.attention: asked for a dropout mask outside training',
    );
  });

  it.each([-0.1, 1, Number.NaN])('has no rate of %d', (rate) => {
    expect(() => fillDropoutMask(randomSource(1), 4, rate)).toThrow(
      `dropout rate: expected a number in [0, 1), got ${rate}`,
    );
  });
});
