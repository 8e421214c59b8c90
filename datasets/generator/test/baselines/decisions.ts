import type { Row } from '../files.ts';
import { placeOfAnswer } from '../labels.ts';
import { wordsIn } from '../solver/words.ts';
import type { Decision } from './choice-model.ts';

/** A question to a linear model: texts by the name of the input part, and the right label. */
interface Example {
  readonly parts: Readonly<Record<string, string>>;
  readonly label: unknown;
}

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  BoolQ: ['passage', 'question'],
  CB: ['premise', 'hypothesis'],
  COPA: ['premise', 'choice1', 'choice2', 'question'],
  RTE: ['premise', 'hypothesis'],
  WiC: ['word', 'sentence1', 'sentence2'],
  'AX-g': ['premise', 'hypothesis'],
};

interface Multirc {
  readonly text: string;
  readonly questions: { question: string; answers: { text: string; label: number }[] }[];
}

/** Input parts and labels of a task's row; ReCoRD, which has no labels, is not among them. */
export function examplesOf(task: string, row: Row): Example[] {
  if (task === 'MultiRC') {
    const { text, questions } = row.passage as Multirc;
    return questions.flatMap(({ question, answers }) =>
      answers.map(({ text: answer, label }) => ({ parts: { passage: text, question, answer }, label })),
    );
  }
  if (task === 'WSC') {
    const { span1_text: span } = row.target as { span1_text: string };
    return [{ parts: { text: String(row.text), span }, label: row.label }];
  }
  if (task === 'AX-b') return examplesOf('RTE', { ...row, premise: row.sentence1, hypothesis: row.sentence2 });
  const parts = Object.fromEntries(fieldsOf[task]!.map((field) => [field, String(row[field])]));
  return [{ parts, label: row.label }];
}

/** Words of the chosen parts, one bag for each part, crossed with the labels. */
export function bagOfWords({ parts, label }: Example, chosen: readonly string[], labels: readonly unknown[]): Decision {
  const words = chosen.flatMap((part) =>
    [...new Set(wordsIn(parts[part]!.toLowerCase()))].map((word) => `${part}:${word}`),
  );
  const choices = labels.map((own) => [...words, 'bias'].map((word) => `${word}=${own}`));
  return { choices, gold: labels.indexOf(label) };
}

/** ReCoRD: a choice among the entities, by name and by place. */
export function entityChoice(row: Row): Decision {
  const { text, entities } = row.passage as { text: string; entities: { start: number; end: number }[] };
  const choices = entities.map(({ start, end }, place) => [text.slice(start, end + 1), `place ${place}`]);
  return { choices, gold: placeOfAnswer(row) };
}
