import { DatasetError } from '@attune/base';
import { displayPath } from '@attune/base/node';
import type { Task } from '@attune/core';
import { reportedScores } from './train-trial.ts';

interface Splits {
  readonly files: readonly [train: string, select: string, report: string];
  /** By file; one that is absent has none. */
  readonly rows: ReadonlyMap<string, readonly unknown[]>;
}

/**
 * Rows to select by and to report need answers, and something that each metric measures: that is known without a model.
 *
 * @throws DatasetError naming the file
 */
export function checkScorable(task: Task, { files, rows }: Splits): void {
  const [train, select, report] = files.map((file) => ({ file, rows: rows.get(file) }));
  if (select?.rows !== undefined) naming(select.file, () => task.chance(select.rows!));
  if (train?.rows === undefined || report?.rows === undefined) return;
  const baseline = naming(report.file, () => {
    task.chance(report.rows!);
    return () => task.majority(train.rows!, report.rows!);
  });
  const scores = naming(train.file, baseline);
  naming(report.file, () => reportedScores(task, scores));
}

function naming<Value>(file: string, check: () => Value): Value {
  try {
    return check();
  } catch (error) {
    if (error instanceof DatasetError) error.message = `${displayPath(file)}: ${error.message}`;
    throw error;
  }
}
