import { type RowParts, rowKey } from '../corpus/overlap.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { type RowIds, splitSizes, splits, type TaskRecipe } from './recipe.ts';

/** One task's files and what their rows are made of. */
interface TaskFiles {
  readonly directory: string;
  /** Rows by split, few-shot samples included. */
  readonly rows: ReadonlyMap<string, readonly unknown[]>;
  readonly parts: readonly RowParts[];
}

/** Seeds that have few-shot samples, and their rows: as many to train on and to select by, as in FewGLUE. */
const fewShotSeeds = [1, 2, 3];
const fewShotRows = 32;

/** Rows of all splits, balanced over answers, none twice. Training rows stay in the familiar half of the world. */
export function createTaskFiles(recipe: TaskRecipe, world: World, random: Random): TaskFiles {
  const parts = new Map<string, RowParts>();
  const rows = new Map<string, readonly unknown[]>();
  for (const split of splits) {
    const source = random.fork(split);
    const scope = split === 'train' ? 'familiar' : 'all';
    const drawn = Array.from({ length: splitSizes[split] }, (_, i) => {
      for (;;) {
        const row = recipe.sample({ world, random: source, scope, answer: i % recipe.answers });
        const own = recipe.parts(row);
        if (parts.has(rowKey(own))) continue;
        parts.set(rowKey(own), own);
        return row;
      }
    });
    const shuffled = source.sample(drawn, drawn.length);
    rows.set(split, finishAll(recipe, shuffled, split !== 'test'));
    if (split !== 'train') continue;
    for (const seed of fewShotSeeds) {
      const few = random.fork(`few-shot ${seed}`).sample(shuffled, 2 * fewShotRows);
      rows.set(`train32-${seed}`, finishAll(recipe, few.slice(0, fewShotRows), true));
      rows.set(`dev32-${seed}`, finishAll(recipe, few.slice(fewShotRows), true));
    }
  }
  return { directory: recipe.directory, rows, parts: [...parts.values()] };
}

function finishAll(recipe: TaskRecipe, rows: readonly unknown[], withAnswers: boolean): unknown[] {
  const count = createCounters(withAnswers);
  return rows.map((row, index) => recipe.finish(row, count(index)));
}

function createCounters(withAnswers: boolean): (row: number) => RowIds {
  let questions = 0;
  let answers = 0;
  return (row) => ({ row, withAnswers, nextQuestion: () => questions++, nextAnswer: () => answers++ });
}
