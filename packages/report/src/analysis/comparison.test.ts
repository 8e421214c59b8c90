import { packPredictions, type TrialRecord } from '@attune/records';
import { expect, test } from 'vitest';
import { recordFixture } from '../../test/record-fixture.ts';
import { bestArm, compareArms, compareToBaseline } from './comparison.ts';
import { buildScoreGrid } from './score-grid.ts';

/** Task scores by method, task and seed, chosen so that the differences can be worked out by hand. */
const SCORES: Record<string, number> = {
  'a boolq 1': 0.7,
  'a boolq 2': 0.8,
  'b boolq 1': 0.6,
  'b boolq 2': 0.6,
  'a wic 1': 0.5,
  'a wic 2': 0.6,
  'b wic 1': 0.6,
  'b wic 2': 0.6,
};

function grid(change: (record: TrialRecord) => TrialRecord | undefined = (record) => record) {
  const arm = { trainableParameters: 10, strength: 0.1 };
  return buildScoreGrid(
    recordFixture({
      arms: [
        { ...arm, method: 'a' },
        { ...arm, method: 'b' },
      ],
      tasks: ['boolq', 'wic'],
      seeds: [1, 2],
      change: (record) => change(withScore(record)),
    }),
  );
}

function withScore(record: TrialRecord): TrialRecord {
  const { method, task, seed } = record.config;
  const score = SCORES[`${method.name} ${task.name} ${seed}`]!;
  // Ten answers; the first `score` share of them right.
  const predictions = Array.from({ length: 10 }, (_, index) => ({
    id: String(index),
    predicted: index < Math.round(score * 10) ? 'true' : 'false',
    gold: 'true',
  }));
  return { ...record, scores: { accuracy: score, score }, predictions: packPredictions(predictions) };
}

test('pairs trials by task and seed', () => {
  const [a, b] = grid().arms;
  const comparison = compareArms(a!, b!)!;
  // Differences: boolq 0.1, 0.2 (mean 0.15, s² 0.005); wic -0.1, 0.0 (mean -0.05, s² 0.005). Mean 0.05;
  // v = 0.0025 each, standard error √0.005 / 2 = 0.0353553, degrees (0.005² / (2 · 0.0025²)) = 2: t 4.303.
  expect(comparison.difference.mean).toBeCloseTo(0.05, 12);
  expect(comparison.difference.interval![0]).toBeCloseTo(0.05 - 0.152134, 5);
  expect(comparison.difference.interval![1]).toBeCloseTo(0.05 + 0.152134, 5);
  expect(comparison.difference.count).toBe(4);
  expect(comparison.tasks).toBe(2);
  // Right alone: a has 1 + 2 more on boolq; b has 1 more on wic with seed 1.
  expect(comparison.examples).toEqual({ compared: 40, onlyFirst: 3, onlySecond: 1 });
});

/** Every trial answers one question that has two right answers: `a` gives one of them, `b` neither. */
function twoRightAnswers(hashOfB: string) {
  return grid((record) => {
    const isFirst = record.config.method.name === 'a';
    const answer = isFirst ? { predicted: 'Oslo', gold: 'Oslo' } : { predicted: 'Rome', gold: 'Bergen' };
    const data = { ...record.config.data, hash: isFirst ? 'a'.repeat(64) : hashOfB };
    const predictions = packPredictions([{ id: '0', ...answer }]);
    return { ...record, config: { ...record.config, data }, predictions };
  });
}

test('counts a question with several right answers, whichever of them each trial is measured by', () => {
  const [a, b] = twoRightAnswers('a'.repeat(64)).arms;
  expect(compareArms(a!, b!)!.examples).toEqual({ compared: 4, onlyFirst: 4, onlySecond: 0 });
  expect(compareArms(b!, a!)!.examples).toEqual({ compared: 4, onlyFirst: 0, onlySecond: 4 });
});

test('takes no question of other data for the same one when their right answers differ', () => {
  const [a, b] = twoRightAnswers('b'.repeat(64)).arms;
  expect(compareArms(a!, b!)!.examples).toEqual({ compared: 0, onlyFirst: 0, onlySecond: 0 });
});

test('compares answers of equal ids by their place', () => {
  const answers = (isFirst: boolean) =>
    ['true', 'false', 'true'].map((gold, index) => ({ id: '0', gold, predicted: isFirst || index < 1 ? gold : 'no' }));
  const [a, b] = grid((record) => ({
    ...record,
    predictions: packPredictions(answers(record.config.method.name === 'a')),
  })).arms;
  expect(compareArms(a!, b!)!.examples).toEqual({ compared: 12, onlyFirst: 8, onlySecond: 0 });
});

test('leaves out seeds that only one method has', () => {
  const [a, b] = grid((record) =>
    record.config.method.name === 'b' && record.config.seed === 2 ? undefined : record,
  ).arms;
  const comparison = compareArms(a!, b!)!;
  expect(comparison.difference.mean).toBeCloseTo(0, 12);
  expect(comparison.difference.count).toBe(2);
  expect(comparison.difference.interval).toBeUndefined();
});

test('compares nothing without a common trial', () => {
  const [a, b] = grid((record) => (record.config.method.name === 'b' ? { ...record, status: 'failed' } : record)).arms;
  expect(compareArms(a!, b!)).toBeUndefined();
});

test('measures an arm against the majority class', () => {
  const scores = grid();
  // Majority is 0.525 on both tasks; a's mean is 0.65.
  expect(compareToBaseline(scores.arms[0]!, scores.majority)?.mean).toBeCloseTo(0.125, 12);
  expect(scores.majority.overall).toBeCloseTo(0.525, 12);
});

test('takes as best the highest mean over all scored tasks', () => {
  expect(bestArm(grid().arms)?.arm.name).toBe('a');
  const withoutWic = grid((record) =>
    record.config.method.name === 'a' && record.config.task.name === 'wic' ? undefined : record,
  );
  expect(bestArm(withoutWic.arms)?.arm.name).toBe('b');
});
