import type { Prediction, Task, TaskMetric } from '@attune/core';
import type { TrialRecord } from '@attune/records';

/** Digits kept of a prediction's scores: enough to compare and to calibrate, half the bytes of a full double. */
const scoreDigits = 6;

/** The metrics with their mean as `score`, which is the task's score. */
export function withMean(
  metrics: readonly Pick<TaskMetric, 'name'>[],
  values: Readonly<Record<string, number>>,
): Record<string, number> & { readonly score: number } {
  const sum = metrics.reduce((total, metric) => total + values[metric.name]!, 0);
  return { ...values, score: sum / metrics.length };
}

/** Scores of predictions against the rows' answers. */
export function taskScores(task: Task, rows: readonly unknown[], predictions: readonly Prediction[]) {
  return withMean(task.metrics, task.score(rows, predictions));
}

export function roundedPredictions(predictions: readonly Prediction[]): TrialRecord['predictions'] {
  return predictions.map(({ id, predicted, gold, scores }) => ({
    id,
    predicted,
    ...(gold === undefined ? {} : { gold }),
    ...(scores === undefined ? {} : { scores: scores.map((score) => Number(score.toPrecision(scoreDigits))) }),
  }));
}
