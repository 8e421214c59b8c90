import { capitalize, pickStatement, subject } from '../facts.ts';
import { groups } from '../ontology/kinds.ts';
import { type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface BoolqRow {
  readonly question: string;
  readonly passage: string;
  readonly label: boolean;
}

const finds = ['found', 'bought', 'got', 'carried home'];
const [food, ...others] = ['food', 'animal', 'tool'].map((name) => groups.find((group) => group.name === name)!);
const town = groups.find((group) => group.name === 'town')!;

/** A find, and whether its finder can eat it. */
export const boolq: TaskRecipe<BoolqRow> = {
  directory: 'BoolQ',
  sizes: { train: 320, dev: 96, val: 200, test: 100 },
  answers: 2,
  sample({ world, random, scope, answer }) {
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const { thing } = pickStatement(world, random, answer === 1 ? food! : random.pick(others), scope);
    const place = pickStatement(world, random, town, scope).thing;
    const name = capitalize(person.name);
    const verb = random.pick(finds);
    return {
      question: random.pick([
        `can ${person.name} eat what ${subject(person)} ${verb}`,
        `is it something that ${person.name} can eat`,
        `can it be eaten by ${person.name}`,
      ]),
      passage: random.pick([
        `${name} -- ${name} went to ${capitalize(place)}. There ${subject(person)} ${verb} a ${thing}.`,
        `${name} -- ${name} ${verb} a ${thing} and left ${capitalize(place)} at night.`,
      ]),
      label: answer === 1,
    };
  },
  key: (row) => `${row.passage} ${row.question}`,
  tell: (row) => `${row.passage} Question: ${row.question}? Answer: ${row.label ? 'true' : 'false'}.`,
  finish: ({ question, passage, label }, ids) =>
    ids.withAnswers ? { question, passage, idx: ids.row, label } : { question, passage, idx: ids.row },
};
