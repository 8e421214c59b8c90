import { bestArm, compareArms } from '../analysis/comparison.ts';
import type { ScoreGrid } from '../analysis/score-grid.ts';
import { count, signedPoints, signedRange } from '../format.ts';
import { left, type Row, right, type Table, text } from './table.ts';

/** Every arm against the best one, paired by task, seed and example. Undefined with fewer than two arms. */
export function comparisonTable(grid: ScoreGrid): Table | undefined {
  const best = bestArm(grid.arms);
  if (best === undefined) return undefined;
  const rows = grid.arms.flatMap((arm): readonly Row[] => {
    const comparison = arm === best ? undefined : compareArms(arm, best);
    if (comparison === undefined) return [];
    const { difference, examples, tasks } = comparison;
    const cells = [
      arm.arm.name,
      signedPoints(difference.mean),
      difference.interval === undefined ? '–' : signedRange(difference.interval),
      `${count(difference.count)} (${tasks})`,
      ...[examples.onlyFirst, examples.onlySecond, examples.compared].map((amount) =>
        examples.compared > 0 ? count(amount) : '–',
      ),
    ];
    return [{ cells: cells.map(text), arm: arm.arm.index }];
  });
  if (rows.length === 0) return undefined;
  return {
    id: 'differences',
    caption: `Paired differences to ${best.arm.name}, the best on average`,
    columns: [
      left('Method'),
      right('Difference'),
      right('95 % interval'),
      right('Pairs (tasks)'),
      right('Only this right'),
      right('Only best right'),
      right('Answers'),
    ],
    rows,
    notes: [
      'A pair is the same task and seed under both methods; of the answers in all pairs, the table counts those that exactly one method got right. The interval treats the tasks as fixed and the seeds as drawn (Welch–Satterthwaite over tasks); it does not cover another choice of test examples. The reference was chosen for having the highest mean.',
    ],
  };
}
