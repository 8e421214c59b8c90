import {
  capitalize,
  falsify,
  pickStatement,
  pickStatements,
  type Statement,
  sayKind,
  sayThing,
  subject,
} from '../facts.ts';
import { groups } from '../ontology/kinds.ts';
import type { Random } from '../random.ts';
import { type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface RteRow {
  readonly premise: string;
  readonly hypothesis: string;
  readonly label: 'entailment' | 'not_entailment';
}

/** A fact with a thing entails the fact with its kind: which kind a thing is, the corpus alone says. */
export const rte: TaskRecipe<RteRow> = {
  directory: 'RTE',
  sizes: { train: 320, dev: 96, val: 200, test: 100 },
  answers: 2,
  sample({ world, random, scope, answer }) {
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const statements = pickStatements(world, random, 2, scope);
    const asked = random.pick(statements);
    const claim =
      answer === 0
        ? asked
        : unsupported(random, asked, statements, () =>
            pickStatement(
              world,
              random,
              random.pick(groups.filter((group) => statements.every((s) => s.group !== group))),
              scope,
            ),
          );
    return {
      premise: tellTwo(random, person, statements as [Statement, Statement]),
      hypothesis: `${capitalize(person.name)} ${sayKind(claim)}.`,
      label: answer === 0 ? 'entailment' : 'not_entailment',
    };
  },
  key: (row) => `${row.premise} ${row.hypothesis}`,
  tell: (row) =>
    `${row.premise} Question: ${row.hypothesis.slice(0, -1)}? Answer: ${row.label === 'entailment' ? 'yes' : 'no'}.`,
  finish: ({ premise, hypothesis, label }, ids) =>
    ids.withAnswers ? { premise, hypothesis, label, idx: ids.row } : { premise, hypothesis, idx: ids.row },
};

/** Mostly a wrong kind, sometimes something the premise does not speak of. */
function unsupported(
  random: Random,
  asked: Statement,
  _all: readonly Statement[],
  elsewhere: () => Statement,
): Statement {
  return random.chance(0.8) ? falsify(random, asked) : elsewhere();
}

export function tellTwo(random: Random, person: Person, [first, second]: readonly [Statement, Statement]): string {
  const name = capitalize(person.name);
  switch (random.integer(3)) {
    case 0:
      return `${name} ${sayThing(first)} and ${sayThing(second)}.`;
    case 1:
      return `${name}, who ${sayThing(first)}, ${sayThing(second)}.`;
    default:
      return `${name} ${sayThing(first)}. ${capitalize(subject(person))} also ${sayThing(second)}.`;
  }
}
