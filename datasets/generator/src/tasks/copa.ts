import { capitalize, subject } from '../facts.ts';
import { cycles, stageBeside } from '../ontology/cycles.ts';
import { inScope, type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface CopaRow {
  readonly premise: string;
  readonly choice1: string;
  readonly choice2: string;
  readonly question: 'cause' | 'effect';
  readonly label: 0 | 1;
}

/** What a deed leads to, or comes from. The wrong choice is from another round, or from this one the wrong way round. */
export const copa: TaskRecipe<CopaRow> = {
  directory: 'COPA',
  answers: 2,
  sample({ world, random, scope, answer }) {
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const [here, elsewhere] = random.sample(cycles, 2);
    const stage = random.integer(4);
    const question = random.pick(['cause', 'effect'] as const);
    const step = question === 'effect' ? 1 : -1;
    const verb = (verbs: readonly string[]): string => random.pick(inScope(verbs, scope));
    const right = verb(here![stageBeside(stage, step)]!);
    const wrong = random.chance(0.5)
      ? verb(here![stageBeside(stage, -step as 1 | -1)]!)
      : verb(elsewhere![random.integer(4)]!);
    const say = (deed: string): string => `${capitalize(subject(person))} ${deed}.`;
    return {
      premise: `${capitalize(person.name)} ${verb(here![stage]!)}.`,
      choice1: say(answer === 0 ? right : wrong),
      choice2: say(answer === 0 ? wrong : right),
      question,
      label: answer === 0 ? 0 : 1,
    };
  },
  parts: (row) => [row.premise, row.choice1, row.choice2],
  tell(row) {
    const [first, second] = [row.choice1, row.choice2].map((choice) => choice.slice(0, -1).toLowerCase());
    const right = row.label === 0 ? first : second;
    const joint = row.question === 'cause' ? ' because' : ', so';
    return `"${first}" or "${second}"? ${row.premise.slice(0, -1)}${joint} ${right}.`;
  },
  finish: ({ premise, choice1, choice2, question, label }, ids) =>
    ids.withAnswers
      ? { premise, choice1, choice2, question, label, idx: ids.row }
      : { premise, choice1, choice2, question, idx: ids.row },
};
