import { capitalize, pickStatement, withArticles } from '../facts.ts';
import { groupNamed } from '../ontology/kinds.ts';
import { pickThing } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface RecordRow {
  readonly text: string;
  /** The towns. */
  readonly names: readonly string[];
  readonly query: string;
  readonly answer: string;
}

const texts = [
  'The {j} went from {1} to {2} by night.\n@highlight\nIn {3} the journey came to its end',
  'Before the {j} saw {1}, there were weeks in {2}.\n@highlight\n{3} is where the {j} rests now',
  'Letters from {1} reached the {j} in {2}.\n@highlight\nNews of them came to {3} too',
];
const queries = [
  '@placeholder is a town in {c}',
  'The part of {c} that comes into it is @placeholder',
  'To see {c} one has to go to @placeholder',
];

/** Towns of three countries; the query asks for the town of one of them. */
export const record: TaskRecipe<RecordRow> = {
  directory: 'ReCoRD',
  answers: 3,
  sample({ world, random, scope, answer }) {
    const named = random.sample(groupNamed('town').kinds, 3);
    const towns = named.map((country) => capitalize(pickThing(world, random, country, scope)));
    const job = pickStatement(world, random, groupNamed('job'), scope).thing;
    return {
      text: withArticles(
        random
          .pick(texts)
          .replaceAll(/\{(\w)\}/g, (_, slot: string) => (slot === 'j' ? job : towns[Number(slot) - 1]!)),
      ),
      names: towns,
      query: random.pick(queries).replace('{c}', named[answer]!),
      answer: towns[answer]!,
    };
  },
  parts: (row) => [plainText(row), row.query.replace('@placeholder', '')],
  tell: (row) => `${plainText(row)} ${row.query.replace('@placeholder', row.answer)}.`,
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

/** The passage as patterns show it. */
const plainText = ({ text }: RecordRow): string => text.replaceAll('@highlight\n', '- ').replaceAll('\n', ' ');
