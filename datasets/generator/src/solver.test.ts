import { describe, expect, it } from 'vitest';
import { diagnostics, labelledFiles, type Row, rowsOf, tasks, world } from '../test/files.ts';
import { labelsOf } from '../test/labels.ts';
import { createSolvers } from '../test/solver/solve.ts';

const solvers = createSolvers(world);

describe.each([...tasks, ...diagnostics])('%s', (task) => {
  it('is answered right, always, by one who knows the world', () => {
    for (const row of labelledFiles(task).flatMap(rowsOf)) {
      expect([solvers[task]!(row)].flat(), JSON.stringify(row)).toEqual(answersOf(task, row));
    }
  });
});

/** As the solver gives them: ReCoRD's answer by its name. */
function answersOf(task: string, row: Row): unknown[] {
  if (task !== 'ReCoRD') return labelsOf(task, row);
  const [{ answers }] = row.qas as [{ answers: { text: string }[] }];
  return answers.map(({ text }) => text);
}
