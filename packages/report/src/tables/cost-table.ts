import { costsOfArm } from '../analysis/costs.ts';
import type { ScoreGrid } from '../analysis/score-grid.ts';
import { bytes, count, duration, flops, percent } from '../format.ts';
import { left, type Row, right, type Table, text } from './table.ts';

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
