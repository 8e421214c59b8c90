import type { FormulateCall } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { show, wordTokenizer } from '../../test/word-tokenizer.ts';
import { record } from './record.ts';
import { type RecordRow, recordQueries, WRONG_CANDIDATES_IN_TRAINING } from './record-row.ts';

const recordRow = record.exampleRow;

function formulate(options: Partial<FormulateCall<RecordRow>>) {
  const tokenizer = wordTokenizer();
  const call = { formulation: 'head', maxLength: 64, numVirtualTokens: 0, seed: 1, ...options } as const;
  const formulated = record.formulate({ rows: [recordRow], purpose: 'evaluate', tokenizer, ...call });
  const shown = formulated.instances.map((instance) => {
    if (instance.kind === 'classification')
      return { texts: [show(instance.sequence, tokenizer)], label: instance.label };
    if (instance.kind !== 'candidates') throw new Error(instance.kind);
    const targets = instance.targets.map((ids) => tokenizer.decode(ids));
    return { texts: instance.sequences.map((own) => show(own, tokenizer)), targets, label: instance.label };
  });
  return { ...formulated, shown };
}

const passage = '[CLS] ann met bob , cy , dee and eve . - ann is a pilot';
const twoAnswers: RecordRow = {
  ...recordRow,
  qas: [{ ...recordRow.qas[0]!, answers: [...recordRow.qas[0]!.answers!, { start: 8, end: 10, text: 'Bob' }] }],
};

describe('ReCoRD', () => {
  it('classifies each distinct candidate in the placeholder', () => {
    const { kind, labels, shown } = formulate({});
    expect({ kind, labels }).toEqual({ kind: 'classification', labels: ['0', '1'] });
    expect(shown).toEqual(
      ['ann', 'bob', 'cy', 'dee', 'eve'].map((name, index) => ({
        texts: [`${passage} [SEP] || the pilot is called ${name} . [SEP]`],
        label: index === 0 ? 1 : 0,
      })),
    );
  });

  it('spells each distinct candidate out at masks', () => {
    const { kind, shown } = formulate({ formulation: 'cloze', numVirtualTokens: 2 });
    expect(kind).toBe('candidates');
    expect(shown).toEqual([
      {
        texts: new Array(5).fill(`${passage} [P] [P] the pilot is called [MASK] . [SEP]`),
        targets: ['ann', 'bob', 'cy', 'dee', 'eve'],
        label: 0,
      },
    ]);
  });

  it('trains on each right answer with a few wrong candidates drawn from the seed', () => {
    const { shown } = formulate({ formulation: 'cloze', purpose: 'train', rows: [twoAnswers] });
    expect(shown.map(({ targets, label }) => targets![label!])).toEqual(['ann', 'bob']);
    for (const { targets } of shown) {
      expect(targets!.length).toBe(1 + WRONG_CANDIDATES_IN_TRAINING);
      expect(targets!.filter((name) => ['ann', 'bob'].includes(name)).length).toBe(1);
    }
    expect(formulate({ formulation: 'cloze', purpose: 'train', rows: [twoAnswers] }).shown).toEqual(shown);
    const draws = [1, 2, 3, 4, 5].map((seed) => formulate({ formulation: 'cloze', purpose: 'train', seed }).shown);
    expect(new Set(draws.map((draw) => draw[0]!.targets!.join())).size).toBeGreaterThan(1);
    const head = formulate({ purpose: 'train', rows: [twoAnswers] }).shown;
    expect(head.map(({ label }) => label).sort()).toEqual([0, 0, 0, 0, 0, 0, 1, 1]);
  });

  it('predicts the candidate with the highest score', () => {
    const asHead = formulate({}).predict(
      [recordRow],
      [
        [0, 0],
        [2, 3],
        [0, 2],
        [5, 5],
        [1, 1],
      ].map((scores) => ({ scores })),
    );
    expect(asHead).toEqual([{ id: '40', predicted: 'Cy', gold: 'Ann', scores: [0, 1, 2, 0, 0] }]);
    const cloze = formulate({ formulation: 'cloze', rows: [twoAnswers] });
    expect(cloze.predict([twoAnswers], [{ scores: [-9, -1, -2, -3, -4] }])).toEqual([
      { id: '40', predicted: 'Bob', gold: 'Bob', scores: [-9, -1, -2, -3, -4] },
    ]);
    expect(() => formulate({ purpose: 'train' }).predict([recordRow], new Array(4).fill({ scores: [0, 0] }))).toThrow(
      'record: predict: these instances were made for training; formulate with purpose "evaluate" to predict',
    );
  });

  it('averages over queries, with 0 for one without prediction', () => {
    const query = (idx: number, ...answers: string[]) => ({
      ...recordRow,
      qas: [{ idx, query: '@placeholder', answers: answers.map((text) => ({ start: 0, end: 0, text })) }],
    });
    const rows = [query(1, 'Obama', 'President Barack Obama'), query(2, 'Paris'), query(3, 'White House')];
    const predictions = [
      { id: '1', predicted: 'Barack Obama' },
      { id: '2', predicted: 'London' },
      { id: '3', predicted: 'The White House' },
    ];
    for (const own of [predictions, predictions.filter(({ id }) => id !== '2')]) {
      const { f1, exactMatch } = record.score(rows, own);
      expect(f1).toBeCloseTo(3 / 5, 12);
      expect(exactMatch).toBeCloseTo(1 / 3, 12);
    }
  });

  it('has baselines', () => {
    expect(record.majority([], [recordRow])).toEqual({ f1: 1, exactMatch: 1 });
    expect(record.chance([recordRow])).toEqual({ f1: 1 / 5, exactMatch: 1 / 5 });
    expect(record.chance([twoAnswers])).toEqual({ f1: 2 / 5, exactMatch: 2 / 5 });
  });

  it('reads mentions with inclusive ends', () => {
    expect(recordQueries(recordRow)[0]!.mentions).toEqual(['Ann', 'Bob', 'Cy', 'Dee', 'Eve', 'Ann']);
  });

  it('says what it cannot do without answers', () => {
    const rows = [{ ...recordRow, qas: [{ idx: 40, query: '@placeholder' }] }];
    expect(() => record.score(rows, [])).toThrow(
      'record: expected queries with answers, got 1 without; use a labelled split',
    );
    expect(() => formulate({ rows, purpose: 'train' })).toThrow(
      'record: query 40: expected answers to train on, got none',
    );
    expect(formulate({ rows }).predict(rows, new Array(5).fill({ scores: [0, 0] }))[0]).not.toHaveProperty('gold');
  });
});
