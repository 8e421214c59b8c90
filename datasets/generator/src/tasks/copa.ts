import { capitalize, subject } from '../facts.ts';
import { situations } from '../ontology/situations.ts';
import { inScope, type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface CopaRow {
  readonly premise: string;
  readonly choice1: string;
  readonly choice2: string;
  readonly question: 'cause' | 'effect';
  readonly label: 0 | 1;
}

/** What a deed leads to. The wrong choice is from another situation, or from the same one the wrong way round. */
export const copa: TaskRecipe<CopaRow> = {
  directory: 'COPA',
  sizes: { train: 320, dev: 96, val: 200, test: 100 },
  answers: 2,
  sample({ world, random, scope, answer }) {
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const [here, elsewhere] = random.sample(situations, 2);
    const question = random.pick(['cause', 'effect'] as const);
    const [given, asked] = question === 'effect' ? (['causes', 'effects'] as const) : (['effects', 'causes'] as const);
    const premise = random.pick(inScope(here![given], scope));
    const right = random.pick(inScope(here![asked], scope));
    const wrong = random.chance(0.2)
      ? random.pick(inScope(here![given], scope).filter((verb) => verb !== premise))
      : random.pick(inScope(elsewhere![random.chance(0.5) ? asked : given], scope));
    const say = (verb: string): string => `${capitalize(subject(person))} ${verb}.`;
    return {
      premise: `${capitalize(person.name)} ${premise}.`,
      choice1: say(answer === 0 ? right : wrong),
      choice2: say(answer === 0 ? wrong : right),
      question,
      label: answer === 0 ? 0 : 1,
    };
  },
  key: (row) => `${row.premise} ${row.choice1} ${row.choice2} ${row.question}`,
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
