import { capitalize, subject } from '../facts.ts';
import { groups } from '../ontology/kinds.ts';
import { type Person, pickPeople, pickThing } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface RecordRow {
  readonly text: string;
  /** Entities: the traveller and the towns. */
  readonly names: readonly string[];
  readonly query: string;
  readonly answer: string;
}

const countries = groups.find((group) => group.name === 'town')!.kinds;

/** A journey through towns of three countries; the query asks for the town of one of them. */
export const record: TaskRecipe<RecordRow> = {
  directory: 'ReCoRD',
  sizes: { train: 240, dev: 64, val: 150, test: 60 },
  answers: 3,
  sample({ world, random, scope, answer }) {
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const visited = random.sample(countries, 3);
    const towns = visited.map((country) => capitalize(pickThing(world, random, country, scope)));
    const name = capitalize(person.name);
    return {
      text: `${name} went from ${towns[0]} to ${towns[1]} by night.\n@highlight\nIn ${towns[2]} ${subject(person)} stayed for a week`,
      names: [name, ...towns],
      query: random.pick([
        `@placeholder is a town in ${visited[answer]}`,
        `The part of ${visited[answer]} that was seen is @placeholder`,
      ]),
      answer: towns[answer]!,
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
