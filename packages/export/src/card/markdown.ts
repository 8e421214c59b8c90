import { markdownText } from '@attune/base';
import type { Formulated, InstanceKind } from '@attune/core';

/** A row of a table of two columns, in Markdown. */
export type Row = readonly [name: string, value: string];

/** A table of two columns; the first row is its head. */
export function table([head, ...rows]: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |`;
  return [line(head!), '|---|---|', ...rows.map(line)].join('\n');
}

type Posed = Pick<Formulated<unknown>, 'kind' | 'labels'>;

/**
 * How an answer is read from the outputs, by kind of instance.
 *
 * @param mask   the token that stands for what is asked, in Markdown
 * @param which  of several masks in a cloze
 */
export function answerText(kind: InstanceKind, mask: string, which: 'first' | 'last' = 'first'): string {
  switch (kind) {
    case 'classification':
      return 'The texts are those of the task, in its segments; the largest logit is the answer.';
    case 'choice':
      return 'One sequence for each choice; the largest logit is the answer.';
    case 'cloze':
      return (
        `The text is written in the pattern, with one ${mask}: the logits are the scores of the labels there (the mean\n` +
        `logit of a label's words), the largest is the answer. Of several masks the ${which} counts.`
      );
    case 'candidates':
      return (
        `The text is written in the pattern with one ${mask} for each token of a candidate. The score of a candidate is the\n` +
        'sum over its masks of log softmax(logits at the mask) at the token; the largest is the answer.'
      );
    case 'fill':
      return (
        `The text is written in the pattern with a ${mask} for each token of the answer. Fill in the most probable token of\n` +
        'the most confident mask, and run again until no mask is left.'
      );
    default:
      return kind satisfies never;
  }
}

const isLabelled = ({ kind }: Pick<Posed, 'kind'>) => kind === 'classification' || kind === 'cloze';

/** A paragraph that names the labels, where there are any. */
export function labelText(posed: Posed): string[] {
  return isLabelled(posed) ? [`Labels, in the order of the logits: ${posed.labels.map(markdownText).join(', ')}.`] : [];
}

/** Shape of the logits of the ONNX file. */
export function outputShape({ kind, labels }: Posed): string {
  if (isLabelled({ kind })) return `[batch_size, ${labels.length}]`;
  return kind === 'choice' ? '[batch_size, num_choices]' : '[batch_size, sequence_length, vocabulary]';
}
