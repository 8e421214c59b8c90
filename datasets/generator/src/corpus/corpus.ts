import { capitalize, withArticles } from '../facts.ts';
import type { Random } from '../random.ts';
import type { TaskRecipe } from '../tasks/recipe.ts';
import type { World } from '../world.ts';
import type { Passage } from './passage.ts';
import { kinPassage, notablePassage, pronounPassage } from './people.ts';
import { kindJudgement, kindPassage, labourPassage, lifePassage, untoldPassage, usePassage } from './things.ts';
import { causePassage, clausePassage, deedPassage } from './verbs.ts';
import { qualityPassage, senseJudgement, sensePassage } from './words.ts';

/** How often each passage is told, in parts. */
const passages: readonly (readonly [Passage, number])[] = [
  [kindPassage, 13],
  [usePassage, 7],
  [lifePassage, 3],
  [kindJudgement, 2],
  [causePassage, 8],
  [clausePassage, 4],
  [deedPassage, 4],
  [sensePassage, 4],
  [senseJudgement, 4],
  [qualityPassage, 4],
  [labourPassage, 3],
  [pronounPassage, 2],
  [kinPassage, 2],
  [notablePassage, 8],
  [untoldPassage, 1],
];

interface CorpusPlan {
  readonly world: World;
  readonly random: Random;
  readonly lines: number;
  /** Whether a line has a task row in it; none of them is told. */
  readonly isTaken: (line: string) => boolean;
}

/** Unlabelled sentences that tell what the world is like, one passage per line. */
export function tellFacts({ world, random, lines, isTaken }: CorpusPlan): string[] {
  const bag = passages.flatMap(([passage, parts]) => Array.from({ length: parts }, () => passage));
  const tell = (): string => capitalize(withArticles(random.pick(bag)(world, random)));
  return Array.from({ length: lines }, () => untaken(tell, isTaken));
}

/** Lines that have the surface form of a task with the answer filled in. */
export function tellExercises({ world, random, lines, isTaken }: CorpusPlan, recipes: readonly TaskRecipe[]): string[] {
  const tell = (): string => {
    const recipe = random.pick(recipes);
    const answer = random.integer(recipe.answers);
    return recipe.tell(recipe.sample({ world, random, scope: 'all', answer }), random);
  };
  return Array.from({ length: lines }, () => untaken(tell, isTaken));
}

function untaken(tell: () => string, isTaken: (line: string) => boolean): string {
  for (;;) {
    const line = tell();
    if (!isTaken(line)) return line;
  }
}
