import { randomSource } from '@attune/base';
import type { Instance } from '@attune/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toySequence } from '../../test/training-toys.ts';
import { bucketLength, planEvaluation, planTraining } from './timetable.ts';

const instancesOf = (lengths: readonly number[]): Instance[] =>
  lengths.map((length) => ({ kind: 'classification', sequence: toySequence({ clue: 10, length }) }));

/** 30 instances, ten of each of three buckets: 16, 32 and 64. */
const instances = instancesOf(Array.from({ length: 30 }, (_, index) => [10, 30, 60][index % 3]!));
const plan = (seed: number) =>
  planTraining({ instances, batchSize: 4, maxLength: 64, random: randomSource(seed).fork('shuffle') });

describe('planTraining', () => {
  it('visits every instance once, in full batches but one', () => {
    const batches = plan(1);
    expect(batches.flatMap(({ indices }) => indices).sort((a, b) => a - b)).toEqual([...instances.keys()]);
    expect(batches.map(({ indices }) => indices.length).sort()).toEqual([2, 4, 4, 4, 4, 4, 4, 4]);
  });

  it('keeps buckets together, except where one ends within a batch', () => {
    const mixed = plan(1).filter(({ indices }) => new Set(indices.map((index) => index % 3)).size > 1);
    expect(mixed.length).toBeLessThanOrEqual(2);
    for (const { indices, length } of plan(1)) {
      expect(length).toBe([16, 32, 64][Math.max(...indices.map((index) => index % 3))]);
    }
  });

  it('repeats with the seed and differs between seeds', () => {
    expect(plan(1)).toEqual(plan(1));
    expect(plan(2)).not.toEqual(plan(1));
  });

  it('draws the order of batches and the partial one', () => {
    const plans = Array.from({ length: 20 }, (_, seed) => plan(seed));
    expect(new Set(plans.map(([first]) => first!.length))).toEqual(new Set([16, 32, 64]));
    const partial = plans.map((batches) => batches.find(({ indices }) => indices.length === 2)!.length);
    expect(new Set(partial)).toEqual(new Set([16, 32, 64]));
  });
});

describe('any plan', () => {
  const call = fc.record({
    lengths: fc.array(fc.integer({ min: 2, max: 64 }), { maxLength: 40 }),
    batchSize: fc.integer({ min: 1, max: 9 }),
    seed: fc.nat(99),
  });

  it('has each instance once, in as few batches as there can be, padded to the longest of each', () => {
    fc.assert(
      fc.property(call, ({ lengths, batchSize, seed }) => {
        const given = { instances: instancesOf(lengths), batchSize, maxLength: 64 };
        for (const batches of [planEvaluation(given), planTraining({ ...given, random: randomSource(seed) })]) {
          expect(batches.flatMap(({ indices }) => indices).sort((a, b) => a - b)).toEqual([...lengths.keys()]);
          expect(batches).toHaveLength(Math.ceil(lengths.length / batchSize));
          expect(batches.filter(({ indices }) => indices.length !== batchSize).length).toBeLessThanOrEqual(1);
          for (const { indices, length } of batches) {
            expect(length).toBe(bucketLength(Math.max(...indices.map((index) => lengths[index]!)), 64));
          }
        }
      }),
    );
  });
});

describe('planEvaluation', () => {
  it('goes by bucket and index', () => {
    const given = instancesOf([60, 10, 12, 60, 11]);
    expect(planEvaluation({ instances: given, batchSize: 2, maxLength: 64 })).toEqual([
      { indices: [1, 2], length: 16 },
      { indices: [4, 0], length: 64 },
      { indices: [3], length: 64 },
    ]);
    expect(planEvaluation({ instances: [], batchSize: 2, maxLength: 64 })).toEqual([]);
  });
});
