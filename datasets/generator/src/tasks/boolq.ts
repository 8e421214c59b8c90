import { askKind, capitalize, falsify, pickStatements, sayThing, subject } from '../facts.ts';
import { type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface BoolqRow {
  readonly question: string;
  readonly passage: string;
  readonly label: boolean;
}

/** A short life of a person, and a question about a kind of thing in it. */
export const boolq: TaskRecipe<BoolqRow> = {
  directory: 'BoolQ',
  sizes: { train: 320, dev: 96, val: 200, test: 100 },
  answers: 2,
  sample({ world, random, scope, answer }) {
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const statements = pickStatements(world, random, 3, scope);
    const asked = random.pick(statements);
    const name = capitalize(person.name);
    const [first, second, third] = statements.map(sayThing);
    return {
      question: `does ${person.name} ${askKind(answer === 1 ? asked : falsify(random, asked))}`,
      passage: `${name} -- ${name} ${first}. ${capitalize(subject(person))} ${second} and ${third}.`,
      label: answer === 1,
    };
  },
  key: (row) => `${row.passage} ${row.question}`,
  tell: (row) => `${row.passage} Question: ${row.question}? Answer: ${row.label ? 'yes' : 'no'}.`,
  finish: ({ question, passage, label }, ids) =>
    ids.withAnswers ? { question, passage, idx: ids.row, label } : { question, passage, idx: ids.row },
};
