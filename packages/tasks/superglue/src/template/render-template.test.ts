import { describe, expect, it } from 'vitest';
import { show, wordTokenizer } from '../../test/word-tokenizer.ts';
import type { RenderCall } from './lay-out-template.ts';
import { parseTemplate } from './parse-template.ts';
import { renderTemplate } from './render-template.ts';

const fields = { premise: 'Kira feeds the old cat.', hypothesis: 'A cat eats.' };
const rte = '{premise~} [P] Question: {hypothesis~} ? [P] Answer: [M] .';

function render(source: string, options: Partial<RenderCall> = {}) {
  const tokenizer = wordTokenizer();
  const template = parseTemplate(source);
  const sequence = renderTemplate({
    template,
    fields,
    tokenizer,
    maxLength: 64,
    numVirtualTokens: 0,
    ...options,
  });
  return show(sequence, tokenizer);
}

describe('renderTemplate', () => {
  it.each<[string, string, Partial<RenderCall>, string]>([
    [
      'slots vanish without pseudo tokens',
      rte,
      {},
      '[CLS] kira feeds the old cat . question : a cat eats . ? answer : [MASK] . [SEP]',
    ],
    [
      'pseudo tokens fill the slots',
      rte,
      { numVirtualTokens: 3 },
      '[CLS] kira feeds the old cat . [P] question : a cat eats . ? [P] [P] answer : [MASK] . [SEP]',
    ],
    [
      'a table decides the split',
      rte,
      { numVirtualTokens: 3, slots: { 3: [3, 0] } },
      '[CLS] kira feeds the old cat . [P] [P] [P] question : a cat eats . ? answer : [MASK] . [SEP]',
    ],
    [
      'without slots pseudo tokens follow [CLS]',
      '{premise~} || {hypothesis~}',
      { numVirtualTokens: 2 },
      '[CLS] [P] [P] kira feeds the old cat . [SEP] || a cat eats . [SEP]',
    ],
    [
      'a mask in the second segment',
      '{hypothesis~} ? || [M] , {premise~}',
      {},
      '[CLS] a cat eats . ? [SEP] || [MASK] , kira feeds the old cat . [SEP]',
    ],
    ['a separator inside a segment', '{premise~} [SEP] [M]', {}, '[CLS] kira feeds the old cat . [SEP] [MASK] [SEP]'],
    [
      'as many masks as asked for',
      '{hypothesis} [M*] .',
      { numMasks: 3 },
      '[CLS] a cat eats . [MASK] [MASK] [MASK] . [SEP]',
    ],
    [
      'the longest field is cut first, at its end',
      rte,
      { numVirtualTokens: 2, maxLength: 19 },
      '[CLS] kira feeds the old [P] question : a cat eats . ? [P] answer : [MASK] . [SEP]',
    ],
    [
      'pattern, masks and pseudo tokens outlive the fields',
      rte,
      { numVirtualTokens: 2, maxLength: 11 },
      '[CLS] [P] question : ? [P] answer : [MASK] . [SEP]',
    ],
    ['a field cut at its start', '{~premise} [M]', { maxLength: 6 }, '[CLS] old cat . [MASK] [SEP]'],
  ])('%s', (_title, source, options, expected) => {
    expect(render(source, options)).toBe(expected);
  });

  it('gives positions and segments', () => {
    const tokenizer = wordTokenizer();
    const sequence = renderTemplate({
      template: parseTemplate('{premise~} [P] || [M] {hypothesis~}'),
      fields: { premise: 'one two', hypothesis: 'three' },
      tokenizer,
      maxLength: 16,
      numVirtualTokens: 2,
    });
    expect(sequence).toEqual({
      inputIds: [2, 5, 6, 1, 1, 3, 4, 7, 3],
      tokenTypeIds: [0, 0, 0, 0, 0, 0, 1, 1, 1],
      maskPositions: [6],
      virtualTokenPositions: [3, 4],
    });
  });

  it('never cuts masks, whatever the length', () => {
    for (let maxLength = 11; maxLength < 24; maxLength++) {
      const text = render(rte, { numVirtualTokens: 2, maxLength });
      expect(text).toMatch(/\[P\] question : .*\? \[P\] answer : \[MASK\] \. \[SEP\]$/);
      expect(text.split(' ').length).toBe(Math.min(maxLength, 21));
    }
  });

  it('refuses a length that the fixed parts exceed', () => {
    expect(() => render(rte, { numVirtualTokens: 2, maxLength: 10 })).toThrow(
      `template "${rte}": maxLength 10 is too small; pattern, masks, pseudo tokens and whole fields take 11 tokens; give at least that`,
    );
  });

  it('names an unknown field', () => {
    expect(() => render('{premises} [M]')).toThrow(
      'template "{premises} [M]": no field "premises"; known: premise, hypothesis',
    );
  });
});
