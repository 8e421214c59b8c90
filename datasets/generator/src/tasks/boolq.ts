import { capitalize, pickStatement, subject, withArticles } from '../facts.ts';
import { groupNamed } from '../ontology/kinds.ts';
import { uses } from '../ontology/uses.ts';
import { type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface BoolqRow {
  readonly question: string;
  readonly passage: string;
  readonly label: boolean;
}

const finds = ['found', 'bought', 'got', 'carried home'];

/** A find, and whether it is what the question is about: alive, food, or a smith's work. */
export const boolq: TaskRecipe<BoolqRow> = {
  directory: 'BoolQ',
  answers: 2,
  sample({ world, random, scope, answer }) {
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const [use, other] = random.sample(uses, 2);
    const asked = answer === 1 ? use! : other!;
    const { thing } = pickStatement(world, random, groupNamed(use!.group), scope);
    const place = capitalize(pickStatement(world, random, groupNamed('town'), scope).thing);
    const name = capitalize(person.name);
    const verb = random.pick(finds);
    return {
      question: random.pick(asked.questions).replace('{p}', person.name),
      passage: random.pick([
        `${name} -- ${name} went to ${place}. There ${subject(person)} ${withArticles(`${verb} a ${thing}`)}.`,
        `${name} -- ${name} ${withArticles(`${verb} a ${thing}`)} and left ${place} at night.`,
      ]),
      label: answer === 1,
    };
  },
  parts: (row) => [row.passage, row.question],
  tell: (row) => `${row.passage} . Question: ${row.question}? Answer: ${row.label ? 'true' : 'false'}.`,
  finish: ({ question, passage, label }, ids) =>
    ids.withAnswers ? { question, passage, idx: ids.row, label } : { question, passage, idx: ids.row },
};
