import { capitalize, pickStatement, type Statement, sayKind, sayThing } from '../facts.ts';
import { groups } from '../ontology/kinds.ts';
import { pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface RecordRow {
  readonly text: string;
  readonly names: readonly string[];
  readonly query: string;
  readonly answer: string;
}

const askable = groups.filter((group) => group.name !== 'town');

/** Four people and a thing each; the query tells the kind of one thing and leaves its person out. */
export const record: TaskRecipe<RecordRow> = {
  directory: 'ReCoRD',
  sizes: { train: 240, dev: 64, val: 120, test: 60 },
  answers: 3,
  sample({ world, random, scope, answer }) {
    const people = pickPeople(world, random, 3, scope).map((person) => capitalize(person.name));
    const statements = random
      .sample(
        askable.flatMap((group) => group.kinds.map((kind) => ({ group, kind }))),
        3,
      )
      .map(({ group, kind }) => pickStatement(world, random, group, scope, kind));
    const said = people.map((name, i) => `${name} ${sayThing(statements[i] as Statement)}`);
    return {
      text: `${said[0]}. ${said[1]}.\n@highlight\n${said[2]}`,
      names: people,
      query: `@placeholder ${sayKind(statements[answer] as Statement)}`,
      answer: people[answer]!,
    };
  },
  key: (row) => `${row.text} ${row.query}`,
  tell: (row) =>
    `${row.text.replaceAll('@highlight\n', '- ').replaceAll('\n', ' ')} ${row.query.replace('@placeholder', row.answer)}.`,
  finish(row, ids) {
    const mentions = row.names
      .map((name) => ({ start: row.text.indexOf(name), end: row.text.indexOf(name) + name.length - 1, text: name }))
      .sort((a, b) => a.start - b.start);
    const entities = mentions.map(({ start, end }) => ({ start, end }));
    const answers = mentions.filter((mention) => mention.text === row.answer);
    const idx = ids.nextQuestion();
    const qas = [ids.withAnswers ? { query: row.query, answers, idx } : { query: row.query, idx }];
    return { source: 'World', passage: { text: row.text, entities }, qas, idx: ids.row };
  },
};
