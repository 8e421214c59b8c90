import { expect, test } from 'vitest';
import { type FixtureArm, recordFixture } from '../../test/record-fixture.ts';
import { findings } from './findings.ts';

const full: FixtureArm = { method: 'full-fine-tuning', trainableParameters: 1_000_000, strength: 0.3 };
const lora: FixtureArm = { method: 'lora', trainableParameters: 16_640, strength: 0.27 };
const sentences = (...arms: readonly FixtureArm[]) =>
  findings(recordFixture({ arms, tasks: ['boolq', 'cb', 'wic'], seeds: [1, 2, 3] }));

test('says which method scored best, by how much, and what came near it for less', () => {
  expect(sentences(full, lora)).toMatchInlineSnapshot(`
    [
      "full-fine-tuning scored best: 79.7 on average over 3 tasks (3 seeds, 95 % interval 77.1 to 82.3), training all parameters.",
      "That is 4.2 points above lora, the next best (95 % interval of the paired difference +1.3 to +7.1).",
      "Within 5 points of it with the fewest trained parameters: lora, 4.2 points lower with 16,640 (1.7 %).",
      "For scale: always giving the most frequent training answer scores 47.0, guessing scores 43.9.",
      "full-fine-tuning is 32.7 points above the majority class (95 % interval +30.1 to +35.3).",
    ]
  `);
});

test('claims the order only where the interval excludes zero', () => {
  const [, margin] = sentences(full, { ...lora, strength: 0.05 });
  expect(margin).toMatch(/^That is \d+\.\d points above lora, the next best \(95 % interval .* \+\d/);
  const [, unclear] = sentences(full, { ...lora, strength: 0.3 });
  expect(unclear).toContain('these seeds do not separate the two');
});

test('names no next best and no cheaper method when there is one method', () => {
  expect(sentences(full)).toHaveLength(3);
  expect(sentences(full)[0]).toMatch(/^full-fine-tuning is the only method with trials: /);
});

test('names the tasks on which nothing beats the majority class', () => {
  const results = recordFixture({
    arms: [full],
    tasks: ['boolq', 'wic'],
    seeds: [1, 2],
    change: (record) =>
      record.config.task.name === 'wic' ? { ...record, scores: { accuracy: 0.5, score: 0.5 } } : record,
  });
  expect(findings(results)).toContain('On wic no method’s mean is above the majority class.');
});

test('calls no method cheaper that trains all of a smaller model', () => {
  const smaller: FixtureArm = {
    method: 'full-fine-tuning',
    label: 'smaller',
    trainableParameters: 999_999,
    strength: 0.3,
  };
  expect(sentences(full, smaller).filter((sentence) => sentence.includes('fewest'))).toEqual([]);
});
