import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { type RowIds, type Split, splits, type TaskRecipe } from './recipe.ts';

/** One task's files and the keys of their rows. */
export interface TaskFiles {
  readonly directory: string;
  readonly rows: ReadonlyMap<Split, readonly unknown[]>;
  readonly keys: ReadonlySet<string>;
}

/** Rows of all splits, balanced over answers, none twice. Training rows stay in the familiar half of the world. */
export function createTaskFiles(recipe: TaskRecipe, world: World, random: Random): TaskFiles {
  const keys = new Set<string>();
  const rows = new Map<Split, unknown[]>();
  for (const split of splits) {
    const source = random.fork(split);
    const scope = split === 'train' ? 'familiar' : 'all';
    const drawn = Array.from({ length: recipe.sizes[split] }, (_, i) => {
      for (;;) {
        const row = recipe.sample({ world, random: source, scope, answer: i % recipe.answers });
        if (!keys.has(recipe.key(row))) {
          keys.add(recipe.key(row));
          return row;
        }
      }
    });
    const count = createCounters(split !== 'test');
    rows.set(
      split,
      source.sample(drawn, drawn.length).map((row, i) => recipe.finish(row, count(i))),
    );
  }
  return { directory: recipe.directory, rows, keys };
}

function createCounters(withAnswers: boolean): (row: number) => RowIds {
  let questions = 0;
  let answers = 0;
  return (row) => ({ row, withAnswers, nextQuestion: () => questions++, nextAnswer: () => answers++ });
}
