import type { FormulateCall } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { show, wordTokenizer } from '../../test/word-tokenizer.ts';
import { type CopaRow, copa } from './copa.ts';

const copaRow = copa.exampleRow;

function formulate(options: Partial<FormulateCall<CopaRow>>) {
  const tokenizer = wordTokenizer();
  const call = { formulation: 'head', maxLength: 64, numVirtualTokens: 0, seed: 1, ...options } as const;
  const formulated = copa.formulate({ rows: [copaRow], purpose: 'evaluate', tokenizer, ...call });
  const shown = formulated.instances.map((instance) => {
    if (instance.kind !== 'choice' && instance.kind !== 'candidates') throw new Error(instance.kind);
    return {
      texts: instance.sequences.map((sequence) => show(sequence, tokenizer)),
      label: instance.label,
      ...(instance.kind === 'candidates' ? { targets: instance.targets.map((ids) => tokenizer.decode(ids)) } : {}),
    };
  });
  return { ...formulated, shown };
}

const forgot = '[CLS] the bread burnt because [SEP] || tom forgot the oven [SEP]';
const bought = '[CLS] the bread burnt because [SEP] || tom bought butter [SEP]';

describe('COPA', () => {
  it('is a choice between two sequences', () => {
    const { kind, labels, shown } = formulate({});
    expect({ kind, labels, shown }).toEqual({
      kind: 'choice',
      labels: ['0', '1'],
      shown: [{ texts: [forgot, bought], label: 0 }],
    });
  });

  it('doubles its training rows by swapping the choices', () => {
    expect(formulate({ purpose: 'train' }).shown).toEqual([
      { texts: [forgot, bought], label: 0 },
      { texts: [bought, forgot], label: 1 },
    ]);
  });

  it('spells the choices out at masks', () => {
    const start = '[CLS] " tom forgot the oven " or " tom bought butter " ? the bread burnt because [P]';
    expect(formulate({ formulation: 'cloze', numVirtualTokens: 1 }).shown).toEqual([
      {
        texts: [`${start} [MASK] [MASK] [MASK] [MASK] . [SEP]`, `${start} [MASK] [MASK] [MASK] . [SEP]`],
        targets: ['tom forgot the oven', 'tom bought butter'],
        label: 0,
      },
    ]);
  });

  it('asks for effects with "so"', () => {
    const rows = [{ ...copaRow, question: 'effect' as const }];
    expect(formulate({ rows }).shown[0]!.texts[0]).toMatch(/^\[CLS\] the bread burnt so \[SEP\]/);
    expect(formulate({ rows, formulation: 'cloze' }).shown[0]!.texts[0]).toMatch(/the bread burnt , so \[MASK\]/);
    expect(formulate({ rows, formulation: 'cloze', pattern: 'p-tuning' }).shown[0]!.texts[0]).toMatch(
      /burnt so \[MASK\]/,
    );
  });

  it('predicts one answer per row, from evaluation instances only', () => {
    expect(formulate({ formulation: 'cloze' }).predict([copaRow], [{ scores: [-4, -3] }])).toEqual([
      { id: '2', predicted: '1', gold: '0', scores: [-4, -3] },
    ]);
    const scores = [{ scores: [0, 1] }, { scores: [0, 1] }];
    expect(() => formulate({ purpose: 'train' }).predict([copaRow], scores)).toThrow(
      'copa: predict: these instances were made for training; formulate with purpose "evaluate" to predict',
    );
  });
});
