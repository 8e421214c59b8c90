import type { Prediction, Task, TaskMetric } from '@attune/core';

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
