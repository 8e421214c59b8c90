import type { Prediction, Task } from '@attune/core';
import type { SpecialIds } from '@attune/tokenizer';

interface TideRow {
  readonly id: string;
  readonly text: string;
  readonly label: number;
}

const labels = ['low', 'high'];

function accuracy(rows: readonly TideRow[], predictions: readonly Prediction[]): number {
  return rows.filter(({ label }, index) => predictions[index]!.predicted === labels[label]).length / rows.length;
}

/** A cloze of two labels in the plainest form: [CLS] text [MASK] [SEP]. */
export const tides: Task<TideRow> = {
  name: 'tides',
  version: 1,
  directory: 'Tides',
  metrics: [{ name: 'accuracy', measure: accuracy }],
  formulations: ['cloze'],
  patterns: {},
  exampleRow: { id: 't0', text: 'the sea is calm a .', label: 0 },
  parseRows(bytes) {
    return new TextDecoder()
      .decode(bytes)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as TideRow);
  },
  formulate({ rows, tokenizer, numVirtualTokens }) {
    const { cls, sep, mask } = tokenizer.specialIds as Required<SpecialIds>;
    const virtual = Array.from({ length: numVirtualTokens }, (_, index) => index + 1);
    return {
      kind: 'cloze',
      labels,
      verbalizer: labels.map((label) => [tokenizer.tokenToId(label)!]),
      instances: rows.map(({ text, label }) => {
        const inputIds = [cls, ...virtual.map(() => mask), ...tokenizer.encode(text), mask, sep];
        return {
          kind: 'cloze',
          label,
          sequence: {
            inputIds,
            tokenTypeIds: inputIds.map(() => 0),
            maskPositions: [inputIds.length - 2],
            virtualTokenPositions: virtual,
          },
        };
      }),
      predict: (given, outputs) =>
        given.map(({ id, label }, index) => {
          const { scores } = outputs[index]!;
          return { id, predicted: labels[scores[0]! >= scores[1]! ? 0 : 1]!, gold: labels[label]!, scores };
        }),
    };
  },
  score: (rows, predictions) => ({ accuracy: accuracy(rows, predictions) }),
  majority: () => ({ accuracy: 0.5 }),
  chance: () => ({ accuracy: 0.5 }),
};

/** Rows whose label shows in their text, with a letter that says nothing. */
export function tideLines(count: number, offset = 0): string {
  const line = (index: number) => {
    const label = index % 2;
    const text = `the sea is ${label === 1 ? 'rough' : 'calm'} ${'abcdefghij'[(index + offset) % 10]} .`;
    return JSON.stringify({ id: `t${index + offset}`, text, label });
  };
  return `${Array.from({ length: count }, (_, index) => line(index)).join('\n')}\n`;
}
