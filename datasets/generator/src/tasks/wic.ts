import { withArticles } from '../facts.ts';
import { topics } from '../ontology/topics.ts';
import type { Random } from '../random.ts';
import { inScope, type Scope, type TwoSenseWord } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface WicRow {
  readonly word: string;
  readonly sentence1: string;
  readonly sentence2: string;
  readonly label: boolean;
}

const templates = [
  'The {a} is near the {w} and the {b}.',
  'The {w} was beside the {a} and the {b}.',
  'We saw a {a} with a {w} and a {b}.',
  'There is a {w} by the {a}, not far from the {b}.',
  'The {a} and the {b} need a {w}.',
  'Near the café stood a {w}, a {a} and a {b}.',
];

/** Two sentences with a two-sense word; the company it keeps tells the sense. */
export const wic: TaskRecipe<WicRow> = {
  directory: 'WiC',
  answers: 2,
  sample({ world, random, scope, answer }) {
    const word = random.pick(inScope(world.twoSenseWords, scope));
    const [one, other] = random.sample(word.senses, 2) as [number, number];
    const [firstTemplate, secondTemplate] = random.sample(templates, 2) as [string, string];
    return {
      word: word.word,
      sentence1: tellSense(random, word, one, scope, firstTemplate),
      sentence2: tellSense(random, word, answer === 1 ? one : other, scope, secondTemplate),
      label: answer === 1,
    };
  },
  parts: (row) => [row.sentence1, row.sentence2],
  tell: (row) => `${row.word}. Sense (1) (a) "${row.sentence1}" (${row.label ? 'b' : '2'}) "${row.sentence2}"`,
  finish({ word, sentence1, sentence2, label }, ids) {
    const [start1, start2] = [sentence1, sentence2].map((sentence) => spot(sentence, word));
    const places = { start1, start2, end1: start1! + word.length, end2: start2! + word.length, version: 1.1 };
    return ids.withAnswers
      ? { word, sentence1, sentence2, idx: ids.row, label, ...places }
      : { word, sentence1, sentence2, idx: ids.row, ...places };
  },
};

export function tellSense(
  random: Random,
  word: TwoSenseWord,
  topic: number,
  scope: Scope,
  template: string = random.pick(templates),
): string {
  const [a, b] = random.sample(inScope(topics[topic]!, scope), 2);
  return withArticles(template.replace('{a}', a!).replace('{b}', b!).replace('{w}', word.word));
}

/** Where the word stands as a word of its own. */
function spot(sentence: string, word: string): number {
  return sentence.search(new RegExp(`\\b${word}\\b`));
}
