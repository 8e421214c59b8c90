import type { TrainingSettings } from '@attune/base';
import { describe, expect, it } from 'vitest';
import { toySettings } from '../../test/training-toys.ts';
import { makeTimetable } from './timetable.ts';

const evaluations = (settings: Partial<TrainingSettings>, numInstances: number) => {
  const { totalSteps, isEvaluation } = makeTimetable({ ...toySettings, ...settings }, numInstances);
  return Array.from({ length: totalSteps }, (_, index) => index + 1).filter(isEvaluation);
};

describe('makeTimetable', () => {
  it('counts steps', () => {
    const table = (settings: Partial<TrainingSettings>, numInstances: number) => {
      const { batchSize, stepsPerEpoch, totalSteps } = makeTimetable({ ...toySettings, ...settings }, numInstances);
      return [batchSize, stepsPerEpoch, totalSteps];
    };
    expect(table({ batchSize: 8, epochs: 3 }, 20)).toEqual([8, 3, 9]);
    expect(table({ batchSize: 8, epochs: 0.5 }, 20)).toEqual([8, 3, 2]);
    expect(table({ batchSize: 8, epochs: 3, maxSteps: 4 }, 20)).toEqual([8, 3, 4]);
    expect(table({ batchSize: 32, epochs: 3 }, 20)).toEqual([20, 1, 3]);
    expect(table({}, 0)).toEqual([1, 0, 0]);
  });

  it('evaluates evenly and after the last step', () => {
    expect(evaluations({ batchSize: 8, epochs: 2, evaluationsPerEpoch: 1 }, 32)).toEqual([4, 8]);
    expect(evaluations({ batchSize: 8, epochs: 1, evaluationsPerEpoch: 2 }, 32)).toEqual([2, 4]);
    expect(evaluations({ batchSize: 8, epochs: 1, evaluationsPerEpoch: 100 }, 32)).toEqual([1, 2, 3, 4]);
    expect(evaluations({ batchSize: 8, epochs: 3, evaluationsPerEpoch: 0.5 }, 32)).toEqual([8, 12]);
  });

  it('warms up over its share of the steps', () => {
    const { schedule } = makeTimetable({ ...toySettings, batchSize: 8, epochs: 2, warmupRatio: 0.25 }, 32);
    expect(Array.from({ length: 8 }, (_, step) => schedule(step))).toEqual(
      [0, 0.5, 1, 5, 4, 3, 2, 1].map((value, index) => (index > 2 ? value / 6 : value)),
    );
  });
});
