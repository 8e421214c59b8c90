import { capitalize } from '../facts.ts';
import { inScope, type Person } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface WscRow {
  readonly text: string;
  readonly span1: { readonly text: string; readonly index: number };
  readonly span2: { readonly text: string; readonly index: number };
  readonly label: boolean;
}

const templates = [
  '{A} thanked {B} because {he} had helped at the farm.',
  '{A} called {B} after {he} came home.',
  '{A} and {B} met at noon, but {he} was late.',
  'When {A} saw {B}, {he} began to sing.',
  '{A} gave {B} some bread because {he} was kind.',
  '{A} waited for {B} until {he} was tired.',
  'After {A} spoke with {B}, {he} went to the market.',
  '{A} asked {B} for help, and {he} was glad.',
  '{A} told {B} that {he} would leave soon.',
  '{A} followed {B} to the river, where {he} stopped.',
];

/** A man and a woman; the pronoun's gender tells which. Whose name is whose, the corpus alone says. */
export const wsc: TaskRecipe<WscRow> = {
  directory: 'WSC',
  sizes: { train: 400, dev: 96, val: 200, test: 100 },
  answers: 2,
  sample({ world, random, scope, answer }) {
    const people = inScope(world.people, scope);
    const pair = (['male', 'female'] as const).map((g) => random.pick(people.filter((p) => p.gender === g)));
    const [first, second] = random.sample(pair, 2) as [Person, Person];
    const [referent, other] = random.sample(pair, 2) as [Person, Person];
    const text = random
      .pick(templates)
      .replace('{A}', capitalize(first.name))
      .replace('{B}', capitalize(second.name))
      .replace('{he}', referent.gender === 'male' ? 'he' : 'she');
    const pronoun = referent.gender === 'male' ? 'he' : 'she';
    return {
      text,
      span1: locate(text, capitalize((answer === 1 ? referent : other).name)),
      span2: locate(text, pronoun),
      label: answer === 1,
    };
  },
  key: (row) => row.text,
  tell(row, random) {
    const name = row.label ? row.span1.text : otherName(row);
    const words = row.text.split(' ');
    words[row.span2.index] = `*${row.span2.text}*`;
    const marked = words.join(' ');
    const pronoun = `the pronoun '*${row.span2.text}*'`;
    return random.chance(0.5)
      ? `${marked} Question: In the passage above, what does ${pronoun} refer to? Answer: ${name}.`
      : `${marked} ${capitalize(pronoun)} refers to ${name}.`;
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

/** The other of the two people: the capitalised made-up word that is not span1. */
function otherName(row: WscRow): string {
  const names = row.text.match(/\b[A-Z][a-z]+\b/g)!.filter((word) => !['When', 'After', row.span1.text].includes(word));
  return names[0]!;
}
