import { bytes, count, duration, flops, percent, signedPoints, signedRange } from '@attune/base';
import { bestArm, compareArms } from '../analysis/comparison.ts';
import { costsOfArm } from '../analysis/costs.ts';
import type { ScoreGrid } from '../analysis/score-grid.ts';
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

/** What each arm costs: means over its completed trials, one trial being one task with one seed. */
export function costTable(grid: ScoreGrid): Table {
  return {
    id: 'costs',
    caption: 'Costs',
    columns: [
      left('Method'),
      right('Trained parameters'),
      right('Share'),
      right('File size'),
      right('Training compute'),
      right('Training time'),
      right('Peak memory'),
      right('Trials'),
    ],
    rows: grid.arms.map(({ arm }): Row => {
      const costs = costsOfArm(arm);
      if (costs === undefined)
        return { cells: [text(arm.name), ...Array(6).fill(text('–')), text('0')], arm: arm.index };
      const values = [
        count(costs.trainableParameters),
        percent(costs.trainableShare),
        bytes(costs.adapterBytes),
        flops(costs.flops),
        duration(costs.trainTimeMs),
        bytes(costs.peakMemoryBytes),
        count(costs.trials),
      ];
      return { cells: [arm.name, ...values].map(text), arm: arm.index };
    }),
    notes: [
      'Means per completed trial. Training compute counts every step run: forward, backward and update. Training time includes tracing and compiling, which the first seed pays for the others; peak memory is that of the whole process. File size is what has to be stored to use the trained result.',
    ],
  };
}
