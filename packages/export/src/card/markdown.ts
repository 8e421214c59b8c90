import type { Formulated, InstanceKind } from '@attune/core';

/** A row of a table of two columns. */
export type Row = readonly [name: string, value: string];

/** A table of two columns; the first row is its head. */
export function table([head, ...rows]: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |`;
  return [line(head!), '|---|---|', ...rows.map(line)].join('\n');
}

/** A text set as code. */
export const code = (text: string) => `\`${text}\``;

type Posed = Pick<Formulated<unknown>, 'kind' | 'labels'>;

/** How an answer is read from the outputs, by kind of instance. */
export const answerText: Readonly<Record<InstanceKind, string>> = {
  classification: 'The texts are those of the task, in its segments; the largest logit is the answer.',
  choice: 'One sequence for each choice; the largest logit is the answer.',
  cloze:
    'The text is written in the pattern, with one [MASK]: the logits are the scores of the labels there (the mean\n' +
    "logit of a label's words), the largest is the answer. Of several masks the first counts.",
  candidates:
    'The text is written in the pattern with one [MASK] for each token of a candidate. The score of a candidate is the\n' +
    'sum over its masks of log softmax(logits at the mask) at the token; the largest is the answer.',
  fill:
    'The text is written in the pattern with a [MASK] for each token of the answer. Fill in the most probable token of\n' +
    'the most confident mask, and run again until no mask is left.',
};

const isLabelled = ({ kind }: Pick<Posed, 'kind'>) => kind === 'classification' || kind === 'cloze';

/** A paragraph that names the labels, where there are any. */
export function labelText(posed: Posed): string[] {
  return isLabelled(posed) ? [`Labels, in the order of the logits: ${posed.labels.join(', ')}.`] : [];
}

/** Shape of the logits of the ONNX file. */
export function outputShape({ kind, labels }: Posed): string {
  if (isLabelled({ kind })) return `[batch_size, ${labels.length}]`;
  return kind === 'choice' ? '[batch_size, num_choices]' : '[batch_size, sequence_length, vocabulary]';
}
