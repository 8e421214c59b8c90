import { expect, test } from 'vitest';
import { recordFixture } from '../../test/record-fixture.ts';
import { meanCurve } from './curves-figure.ts';

const [record] = recordFixture({
  arms: [{ method: 'lora', trainableParameters: 10, strength: 0.1 }],
  tasks: ['boolq'],
  seeds: [1],
}).records;

const withCurve = (...points: readonly [step: number, score: number | null][]) => ({
  ...record!,
  learningCurve: points.map(([step, selectionScore]) => ({ step, epoch: 0, trainLoss: null, selectionScore })),
});

test('averages seeds, as far as all of them went', () => {
  const curves = [withCurve([0, 0.5], [10, 0.6], [20, 0.8]), withCurve([0, 0.5], [10, 0.7])];
  expect(meanCurve(curves)).toEqual([
    { step: 0, score: 50 },
    { step: 10, score: 65 },
  ]);
});

test('leaves out steps without an evaluation, and curves of one point', () => {
  expect(meanCurve([withCurve([0, 0.5], [5, null], [10, 0.6])]).map(({ step }) => step)).toEqual([0, 10]);
  expect(meanCurve([withCurve([0, 0.5])])).toEqual([]);
});
