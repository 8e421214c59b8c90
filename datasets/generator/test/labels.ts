import type { Row } from './files.ts';

interface Multirc {
  readonly questions: readonly { readonly answers: readonly { readonly label: number }[] }[];
}
interface Query {
  readonly answers: readonly { readonly start: number }[];
}

/** A row's answers: its label, the labels of its answers, or where among the entities the right one stands. */
export function labelsOf(task: string, row: Row): unknown[] {
  if (task === 'MultiRC')
    return (row.passage as Multirc).questions.flatMap(({ answers }) => answers.map(({ label }) => label));
  if (task === 'ReCoRD') return [placeOfAnswer(row)];
  return [row.label];
}

/** Which of a ReCoRD row's entities is right. */
export function placeOfAnswer(row: Row): number {
  const { entities } = row.passage as { entities: { start: number }[] };
  const [{ answers }] = row.qas as [Query];
  return entities.findIndex(({ start }) => start === answers[0]!.start);
}
