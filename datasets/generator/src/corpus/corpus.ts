import { capitalize } from '../facts.ts';
import type { Random } from '../random.ts';
import type { TaskRecipe } from '../tasks/recipe.ts';
import type { World } from '../world.ts';
import { deedPassage, factJudgement, kindJudgement, qualityPassage, senseJudgement, usePassage } from './judgements.ts';
import { causePassage, clausePassage, kindPassage, lifePassage, type Passage, sensePassage } from './passages.ts';

/** How often each passage is told, in parts. */
const passages: readonly (readonly [Passage, number])[] = [
  [kindPassage, 8],
  [lifePassage, 3],
  [causePassage, 6],
  [sensePassage, 5],
  [clausePassage, 3],
  [deedPassage, 3],
  [qualityPassage, 4],
  [usePassage, 6],
  [kindJudgement, 2],
  [factJudgement, 2],
  [senseJudgement, 4],
];

export interface CorpusPlan {
  readonly world: World;
  readonly random: Random;
  readonly lines: number;
}

/** Unlabelled sentences that tell what the world is like, one passage per line. */
export function tellFacts({ world, random, lines }: CorpusPlan): string[] {
  const bag = passages.flatMap(([passage, parts]) => Array.from({ length: parts }, () => passage));
  return Array.from({ length: lines }, () => sentenceCase(random.pick(bag)(world, random)));
}

/**
 * Lines that have the surface form of a task with the answer filled in.
 *
 * @param taken  keys of task rows; none of them is told
 */
export function tellExercises(
  { world, random, lines }: CorpusPlan,
  recipes: readonly TaskRecipe[],
  taken: ReadonlySet<string>,
): string[] {
  const next = (recipe: TaskRecipe): string => {
    for (;;) {
      const row = recipe.sample({ world, random, scope: 'all', answer: random.integer(recipe.answers) });
      if (!taken.has(recipe.key(row))) return recipe.tell(row, random);
    }
  };
  return Array.from({ length: lines }, () => next(random.pick(recipes)));
}

function sentenceCase(text: string): string {
  return capitalize(text.replace(/\ba ([aeiou])/g, 'an $1'));
}
