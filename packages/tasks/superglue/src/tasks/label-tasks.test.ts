import type { EncodedSequence, FormulateCall, Formulation, Instance, Task } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { show, wordTokenizer } from '../../test/word-tokenizer.ts';
import { boolq } from './boolq.ts';
import { cb } from './cb.ts';
import { multirc } from './multirc.ts';
import { rte } from './rte.ts';
import { wic } from './wic.ts';

const boolqRow = boolq.exampleRow;
const cbRow = cb.exampleRow;
const multircRow = multirc.exampleRow;
const rteRow = rte.exampleRow;
const wicRow = wic.exampleRow;

function callFor<Row>(row: Row, options: Partial<FormulateCall<Row>> = {}): FormulateCall<Row> {
  return {
    rows: [row],
    purpose: 'train',
    formulation: 'cloze',
    tokenizer: wordTokenizer(),
    maxLength: 64,
    numVirtualTokens: 0,
    seed: 1,
    ...options,
  };
}

function sequenceOf(instance: Instance): EncodedSequence {
  if ('sequence' in instance) return instance.sequence;
  throw new Error(`expected one sequence, got ${instance.kind}`);
}

/** The first instance's text, the labels of all instances, and the words of the labels. */
function formulated<Row>(task: Task<Row>, row: Row, formulation: Formulation, pattern?: string, numVirtualTokens = 0) {
  const call = callFor(row, { formulation, numVirtualTokens, ...(pattern === undefined ? {} : { pattern }) });
  const { instances, verbalizer } = task.formulate(call);
  return {
    text: show(sequenceOf(instances[0]!), call.tokenizer),
    labels: instances.map((instance) => ('label' in instance ? instance.label : undefined)),
    words: verbalizer?.map((ids) => call.tokenizer.decode(ids)).join(' '),
  };
}

describe('tasks with fixed labels', () => {
  it.each([
    [boolq, boolqRow, '[CLS] lamp - - the lamp hangs in the barn . [SEP] || is the lamp in the barn [SEP]', [1]],
    [cb, cbRow, '[CLS] mira does not believe that the ferry is late . [SEP] || the ferry is late [SEP]', [1]],
    [rte, rteRow, '[CLS] kai painted the old gate . [SEP] || the gate was painted . [SEP]', [0]],
    [wic, wicRow, '[CLS] bank : they sat on the bank . [SEP] || banks lend money . [SEP]', [0]],
    [
      multirc,
      multircRow,
      '[CLS] ola sold the red boat . she kept the oars . [SEP] || what did ola keep ? [SEP] the oars [SEP]',
      [1, 0],
    ],
  ] as [Task, unknown, string, number[]][])('segments for a head: %#', (task, row, text, labels) => {
    expect(formulated(task, row, 'head')).toEqual({ text, labels, words: undefined });
    const withTokens = `[CLS] [P] [P]${text.slice('[CLS]'.length)}`;
    expect(formulated(task, row, 'head', undefined, 2).text).toBe(withTokens);
  });

  it.each([
    [
      boolq,
      boolqRow,
      '[CLS] lamp - - the lamp hangs in the barn . . [P] question : is the lamp in the barn ? [P] answer : [MASK] . [SEP]',
      'false true',
    ],
    [
      cb,
      cbRow,
      '[CLS] mira does not believe that the ferry is late . [P] question : the ferry is late ? [P] answer : [MASK] . [SEP]',
      'yes no maybe',
    ],
    [
      rte,
      rteRow,
      '[CLS] kai painted the old gate . [P] question : the gate was painted ? [P] answer : [MASK] . [SEP]',
      'yes no',
    ],
    [
      wic,
      wicRow,
      '[CLS] bank . sense ( 1 ) ( a ) " they sat on the bank . " ( [P] [MASK] [P] ) " banks lend money . " [SEP]',
      '2 b',
    ],
    [
      multirc,
      multircRow,
      '[CLS] ola sold the red boat . she kept the oars . . question : what did ola keep ? [P] is it the oars ? [P] [MASK] . [SEP]',
      'no yes',
    ],
  ] as [Task, unknown, string, string][])(
    'the default pattern with two pseudo tokens: %#',
    (task, row, text, words) => {
      expect(formulated(task, row, 'cloze', undefined, 2)).toMatchObject({ text, words });
      expect(formulated(task, row, 'cloze').text).toBe(text.replaceAll('[P] ', ''));
    },
  );

  it.each([
    [
      boolq,
      boolqRow,
      'pet-0',
      'lamp - - the lamp hangs in the barn . . question : is the lamp in the barn ? answer : [MASK] .',
      'no yes',
    ],
    [
      boolq,
      boolqRow,
      'pet-5',
      'based on the following passage , is the lamp in the barn ? [MASK] . lamp - - the lamp hangs in the barn .',
      'false true',
    ],
    [
      cb,
      cbRow,
      'pet-0',
      '" the ferry is late " ? [SEP] || [MASK] , " mira does not believe that the ferry is late . "',
      'yes no maybe',
    ],
    [
      cb,
      cbRow,
      'pet-4',
      'mira does not believe that the ferry is late . question : the ferry is late true , false or neither ? answer : [MASK]',
      'true false neither',
    ],
    [
      cb,
      cbRow,
      'p-tuning',
      'mira does not believe that the ferry is late . [SEP] the ferry is late ? answer : [MASK]',
      'yes no maybe',
    ],
    [rte, rteRow, 'pet-3', 'the gate was painted ? [SEP] || [MASK] . kai painted the old gate .', 'yes no'],
    [
      rte,
      rteRow,
      'pet-4',
      'kai painted the old gate . question : the gate was painted . true or false ? answer : [MASK]',
      'true false',
    ],
    [
      wic,
      wicRow,
      'pet-0',
      '" they sat on the bank . " / " banks lend money . " similar sense of " bank " ? [MASK] .',
      'no yes',
    ],
    [
      wic,
      wicRow,
      'pet-1',
      'they sat on the bank . banks lend money . does bank have the same meaning in both sentences ? [MASK]',
      'no yes',
    ],
    [
      multirc,
      multircRow,
      'pet-3',
      'ola sold the red boat . she kept the oars . what did ola keep ? - [ [MASK] ] the oars',
      'false true',
    ],
  ] as [Task, unknown, string, string, string][])('named patterns: %#', (task, row, pattern, text, words) => {
    expect(formulated(task, row, 'cloze', pattern)).toMatchObject({ text: `[CLS] ${text} [SEP]`, words });
  });

  it('puts pseudo tokens after [CLS] where a pattern has no slots', () => {
    expect(formulated(rte, rteRow, 'cloze', 'pet-3', 2).text).toMatch(/^\[CLS\] \[P\] \[P\] the gate/);
  });

  it('predicts the best label, with gold where it is known', () => {
    const { label: _, ...unlabelled } = cbRow;
    const rows = [cbRow, { ...unlabelled, idx: 2 }];
    const { predict } = cb.formulate({ ...callFor(cbRow), rows, purpose: 'evaluate' });
    expect(predict(rows, [{ scores: [0, -1, 2] }, { scores: [1, 1, 0] }])).toEqual([
      { id: '1', predicted: 'neutral', gold: 'contradiction', scores: [0, -1, 2] },
      { id: '2', predicted: 'entailment', scores: [1, 1, 0] },
    ]);
    expect(() => predict(rows, [])).toThrow('cb: predict: expected 2 outputs, one per instance, got 0');
  });

  it('identifies answers by passage, question and answer', () => {
    const { predict } = multirc.formulate(callFor(multircRow, { formulation: 'head' }));
    const predictions = predict([multircRow], [{ scores: [0, 1] }, { scores: [0, 1] }]);
    expect(predictions.map(({ id, predicted, gold }) => [id, predicted, gold])).toEqual([
      ['5-8-20', '1', '1'],
      ['5-8-21', '1', '0'],
    ]);
    expect(multirc.score([multircRow], predictions)).toEqual({ f1Answer: 2 / 3, exactMatch: 0 });
  });

  it('knows what chance gets', () => {
    // Of the four guesses 11, 10, 01 and 00 the first has F1a 2/3, the second 1, the others 0.
    const guess = multirc.chance([multircRow]);
    expect(guess.f1Answer).toBeCloseTo((2 / 3 + 1) / 4, 12);
    expect(guess.exactMatch).toBe(1 / 4);
    expect(boolq.chance([boolqRow])).toEqual({ accuracy: 1 / 2 });
    const { accuracy, f1Macro } = cb.chance([cbRow]);
    expect(accuracy).toBeCloseTo(1 / 3, 12);
    expect(f1Macro).toBeCloseTo(1 / 9, 12);
  });

  it('takes the first label when training answers are tied', () => {
    const other = { ...rteRow, idx: 5, label: 'not_entailment' as const };
    expect(rte.majority([other, rteRow], [rteRow])).toEqual({ accuracy: 1 });
  });

  it('says what it cannot do', () => {
    const { label: _, ...unlabelled } = rteRow;
    expect(() => rte.formulate(callFor(unlabelled))).toThrow(
      'rte: row 4: expected a label to train on, got none; train on a labelled split',
    );
    expect(() => rte.score([unlabelled], [])).toThrow(
      'rte: expected rows with labels, got 1 without; use a labelled split',
    );
    expect(() => rte.formulate(callFor(rteRow, { pattern: 'pet-9' }))).toThrow(
      'rte: unknown pattern "pet-9"; did you mean "pet-0"? Known: fewnlu, p-tuning, pet-0, pet-1, pet-2, pet-3, pet-4',
    );
    const tokenizer = wordTokenizer(['yes', 'no']);
    expect(() => cb.formulate(callFor(cbRow, { tokenizer }))).toThrow(
      'cb: pattern "fewnlu": verbalizer word "Maybe" is unknown or special in this vocabulary; ' +
        'expected exactly one ordinary token; choose another pattern',
    );
  });
});
