import type { FormulateCall } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { show, wordTokenizer } from '../../test/word-tokenizer.ts';
import { wsc } from './wsc.ts';
import { isSamePhrase, type WscRow, wscFields } from './wsc-fill.ts';

const wscRow = wsc.exampleRow;

function formulate(options: Partial<FormulateCall<WscRow>>) {
  const tokenizer = options.tokenizer ?? wordTokenizer();
  const call = { formulation: 'cloze', maxLength: 64, numVirtualTokens: 0, seed: 1, ...options } as const;
  const formulated = wsc.formulate({ rows: [wscRow], purpose: 'evaluate', ...call, tokenizer });
  const shown = formulated.instances.map((instance) => {
    if (!('sequence' in instance)) throw new Error(instance.kind);
    const text = show(instance.sequence, tokenizer);
    if (instance.kind !== 'fill') return { text, label: instance.label };
    return { text, targets: instance.targets && tokenizer.decode(instance.targets) };
  });
  return { ...formulated, shown };
}

const marked = 'nils thanked the baker because * she * had helped .';
const question = "question : in the passage above , what does the pronoun ' * she * ' refer to ?";
const row = (idx: number, label: boolean): WscRow => ({ ...wscRow, idx, label });

describe('WSC', () => {
  it('is a classification of the marked text and the noun phrase', () => {
    expect(formulate({ formulation: 'head', rows: [row(1, true), row(2, false)], purpose: 'train' })).toMatchObject({
      kind: 'classification',
      labels: ['false', 'true'],
      shown: [
        { text: `[CLS] ${marked} [SEP] || the baker [SEP]`, label: 1 },
        { text: `[CLS] ${marked} [SEP] || the baker [SEP]`, label: 0 },
      ],
    });
  });

  it('asks for the noun phrase with one mask more than it needs', () => {
    expect(formulate({ numVirtualTokens: 5 })).toMatchObject({
      kind: 'fill',
      labels: [],
      shown: [
        {
          text: `[CLS] ${marked} [P] [P] [P] ${question} [P] [P] answer : [MASK] [MASK] [MASK] . [SEP]`,
          targets: undefined,
        },
      ],
    });
  });

  it('trains on true rows, with 0 to 3 extra masks that predict padding', () => {
    const rows = Array.from({ length: 40 }, (_, idx) => row(idx, idx % 2 === 0));
    const { shown } = formulate({ rows, purpose: 'train' });
    const targets = shown.map((instance) => instance.targets!);
    expect(targets.length).toBe(20);
    expect([...new Set(targets)].sort()).toEqual([
      'the baker',
      'the baker [PAD]',
      'the baker [PAD] [PAD]',
      'the baker [PAD] [PAD] [PAD]',
    ]);
    for (const { text, targets: own } of shown) {
      expect(text.split('[MASK]').length - 1).toBe(own!.split(' ').length);
    }
    const again = formulate({ rows, purpose: 'train' }).shown.map((instance) => instance.targets);
    const other = formulate({ rows, purpose: 'train', seed: 2 }).shown.map((instance) => instance.targets);
    expect(again).toEqual(targets);
    expect(other).not.toEqual(targets);
  });

  it('needs a true row to train on', () => {
    expect(() => formulate({ rows: [row(1, false)], purpose: 'train' })).toThrow(
      'wsc: a cloze is trained on rows with label true, but none of the 1 training rows has it; ' +
        'give rows with label true or use the formulation "head"',
    );
  });

  it('compares what was filled in with the noun phrase', () => {
    const tokenizer = wordTokenizer();
    const { predict } = formulate({ tokenizer });
    const { pad } = tokenizer.specialIds;
    const filled = (text: string) => predict([wscRow], [{ scores: [], filledIds: [...tokenizer.encode(text), pad] }]);
    expect(filled('the baker')).toEqual([{ id: '7', predicted: 'true', gold: 'true' }]);
    expect(filled('nils')).toEqual([{ id: '7', predicted: 'false', gold: 'true' }]);
  });

  it.each([
    ['baker', 'The baker', true],
    ['the old baker', 'The baker.', true],
    ['the cook', 'The baker', false],
    ['', 'The baker', true],
    ['12', 'The baker', true],
    ['Søren', 'søren', true],
  ])('%j and %j', (written, target, expected) => {
    expect(isSamePhrase(written, target)).toBe(expected);
  });

  it.each([
    ['a capital', {}, 'Nils thanked the baker because *she* had helped.', 'the baker'],
    ['an index off by one', { span2_index: 4 }, 'Nils thanked the baker because *she* had helped.', 'the baker'],
    [
      'a final full stop',
      { span1_text: 'helped.', span1_index: 7 },
      'Nils thanked the baker because *she* had helped.',
      'helped',
    ],
    [
      'a phrase that is not there',
      { span1_text: 'the\ncook.', span1_index: 0 },
      'Nils thanked the baker because *she* had helped.',
      'the cook',
    ],
    [
      'a pronoun that is not there',
      { span2_text: 'he', span2_index: 99 },
      'Nils thanked the baker because she had *helped.*',
      'the baker',
    ],
  ])('repairs %s', (_title, target, text, span) => {
    expect(wscFields({ ...wscRow, target: { ...wscRow.target, ...target } })).toMatchObject({ text, span });
  });
});
