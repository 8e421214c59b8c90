import { capitalize } from '../facts.ts';
import { nounClasses } from '../ontology/qualities.ts';
import { inScope, type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface WscRow {
  readonly text: string;
  readonly referent: string;
  readonly span1: { readonly text: string; readonly index: number };
  readonly span2: { readonly text: string; readonly index: number };
  readonly label: boolean;
}

const templates = [
  'The {A} was near the {B}, but {P} said it was {q}.',
  '{P} saw the {A} before the {B} because it was {q}.',
  'The {A} was not for the {B}, since it was {q}.',
  '{P} kept the {A} away from the {B} because it was {q}.',
  '{P} spoke of the {A} and the {B} and found that it was {q}.',
  'When {P} thought of the {A} and the {B}, it was {q}.',
  'After the {A} came the {B}, and {P} knew it was {q}.',
  '{P} liked the {A} more than the {B} though it was {q}.',
];

/** Two nouns and an "it" with a quality that suits one of them only. */
export const wsc: TaskRecipe<WscRow> = {
  directory: 'WSC',
  answers: 2,
  sample({ world, random, scope, answer }) {
    const [here, there] = random.sample(nounClasses, 2);
    const [referent, other] = [random.pick(here!.nouns), random.pick(there!.nouns)];
    const [first, second] = random.sample([referent, other], 2);
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const text = random
      .pick(templates)
      .replace('{A}', first!)
      .replace('{B}', second!)
      .replace('{P}', capitalize(person.name))
      .replace('{q}', random.pick(inScope(here!.qualities, scope)));
    const span1 = answer === 1 ? referent : other;
    return { text, referent, span1: locate(text, span1), span2: locate(text, 'it'), label: answer === 1 };
  },
  parts: (row) => [row.text],
  tell(row, random) {
    const words = row.text.split(' ');
    words[row.span2.index] = `*${row.span2.text}*`;
    const marked = words.join(' ');
    const pronoun = `the pronoun '*${row.span2.text}*'`;
    return random.chance(0.5)
      ? `${marked} Question: In the passage above, what does ${pronoun} refer to? Answer: ${row.referent}.`
      : `${marked} ${capitalize(pronoun)} refers to ${row.referent}.`;
  },
  finish({ text, span1, span2, label }, ids) {
    const target = {
      span2_index: span2.index,
      span1_index: span1.index,
      span1_text: span1.text,
      span2_text: span2.text,
    };
    return ids.withAnswers ? { text, target, idx: ids.row, label } : { text, target, idx: ids.row };
  },
};

/** Word position counts whitespace-separated words; punctuation sticks to words. */
function locate(text: string, word: string): { text: string; index: number } {
  const index = text.split(' ').findIndex((token) => token.replace(/\W+$/, '') === word);
  return { text: word, index };
}
