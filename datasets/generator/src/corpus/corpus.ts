import { capitalize } from '../facts.ts';
import type { Random } from '../random.ts';
import type { TaskRecipe } from '../tasks/recipe.ts';
import type { World } from '../world.ts';
import {
  causePassage,
  clausePassage,
  kindPassage,
  lifePassage,
  type Passage,
  pronounPassage,
  sensePassage,
} from './passages.ts';

/** How often each passage is told, in parts of all that are not told as a task form. */
const passages: readonly (readonly [Passage, number])[] = [
  [kindPassage, 3],
  [lifePassage, 4],
  [causePassage, 3],
  [sensePassage, 3],
  [clausePassage, 1],
  [pronounPassage, 2],
];

export interface CorpusPlan {
  readonly world: World;
  readonly random: Random;
  readonly recipes: readonly TaskRecipe[];
  /** Keys of task rows; none of them is told. */
  readonly taken: ReadonlySet<string>;
  readonly lines: number;
  /** Share of lines that have the surface form of a task, with the answer filled in. */
  readonly taskFormShare: number;
}

/** Unlabelled text about the world, one passage per line. */
export function createCorpus(plan: CorpusPlan): string[] {
  const { world, random } = plan;
  const bag = passages.flatMap(([passage, parts]) => Array.from({ length: parts }, () => passage));
  return Array.from({ length: plan.lines }, () =>
    random.chance(plan.taskFormShare) ? taskForm(plan) : sentenceCase(random.pick(bag)(world, random)),
  );
}

function taskForm({ world, random, recipes, taken }: CorpusPlan): string {
  const recipe = random.pick(recipes);
  for (;;) {
    const row = recipe.sample({ world, random, scope: 'all', answer: random.integer(recipe.answers) });
    if (!taken.has(recipe.key(row))) return recipe.tell(row, random);
  }
}

function sentenceCase(text: string): string {
  return capitalize(text.replace(/\ba ([aeiou])/g, 'an $1'));
}
