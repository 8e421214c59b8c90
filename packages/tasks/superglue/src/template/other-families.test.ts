import { describe, expect, it } from 'vitest';
import { byteLevelTokenizer } from '../../test/byte-level-tokenizer.ts';
import type { RenderCall } from './lay-out-template.ts';
import { parseTemplate } from './parse-template.ts';
import { verbalizerIds } from './pattern.ts';
import { maskFollowsSpace, renderTemplate } from './render-template.ts';

const roberta = byteLevelTokenizer('roberta');
const gpt2 = byteLevelTokenizer('gpt2');
const fields = { premise: 'A cat eats.', hypothesis: 'Yes ' };

function render(tokenizer: typeof roberta, source: string, options: Partial<RenderCall> = {}) {
  const call = { template: parseTemplate(source), fields, tokenizer, maxLength: 32, numVirtualTokens: 0, ...options };
  const { inputIds, ...rest } = renderTemplate(call);
  return { text: inputIds.map((id) => tokenizer.decode([id])), ...rest };
}

describe('renderTemplate in RoBERTa', () => {
  it('joins two segments by two separators, without token types; a segment starts without a space', () => {
    const { text, tokenTypeIds } = render(roberta, '{premise~} || {hypothesis~}');
    expect(text).toEqual(['<s>', 'A', ' cat', ' eats', '.', '</s>', '</s>', 'Yes', '</s>']);
    expect(tokenTypeIds).toEqual(text.map(() => 0));
  });

  it('reads what follows white space in the template as after a space, and what is glued without', () => {
    const { text, maskPositions } = render(roberta, '{premise~} question {hypothesis}. [M] .');
    expect(text).toEqual(['<s>', 'A', ' cat', ' eats', '.', ' question', ' Yes', '.', '<mask>', ' .', '</s>']);
    expect(maskPositions).toEqual([8]);
  });

  it.each([8, 9, 10, 11])('cuts to %i tokens, and neither the pattern nor the mask', (maxLength) => {
    const { text, virtualTokenPositions } = render(roberta, '{premise~} [P] question || {hypothesis} [M]', {
      maxLength,
      numVirtualTokens: 1,
    });
    expect(text).toHaveLength(Math.min(maxLength, 12));
    expect(text.slice(virtualTokenPositions[0])).toEqual([
      '<unk>',
      ' question',
      '</s>',
      '</s>',
      'Yes',
      '<mask>',
      '</s>',
    ]);
  });
});

describe('renderTemplate in GPT-2', () => {
  it('has nothing around texts, and a boundary is a space', () => {
    const { text, tokenTypeIds } = render(gpt2, '{premise~} || {hypothesis~} [SEP] question');
    expect(text).toEqual(['A', ' cat', ' eats', '.', ' Yes', ' question']);
    expect(tokenTypeIds).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('needs no mask where a causal model is asked, and says so elsewhere', () => {
    const { text, maskPositions } = render(gpt2, '{premise~} [M]', { languageModel: 'causal' });
    expect(text).toEqual(['A', ' cat', ' eats', '.', '<|endoftext|>']);
    expect(maskPositions).toEqual([4]);
    expect(() => render(gpt2, '{premise~} [M]')).toThrow(
      'template "{premise~} [M]" needs a mask token, and this tokenizer has bos, eos, pad alone; take a model whose ' +
        'vocabulary has one, or the formulation "head", or name it as mask_token in tokenizer_config.json',
    );
  });
});

describe('verbalizers of a byte-level vocabulary', () => {
  it.each<[string, boolean]>([
    ['{premise} [M]', true],
    ['{premise} [P] [M]', true],
    ['{premise}[M]', false],
    ['[M] {premise}', false],
    ['[P] [M]', false],
    ['{premise} || [M]', false],
    ['{premise} [SEP] [M]', false],
  ])('%s: are the tokens of the mask’s place', (source, afterSpace) => {
    const template = parseTemplate(source);
    expect(maskFollowsSpace(template, roberta)).toBe(afterSpace);
    const ids = verbalizerIds([['Yes'], ['No']], roberta, { where: 'here', afterSpace });
    expect(ids.map(([id]) => roberta.decode([id!]))).toEqual(afterSpace ? [' Yes', ' No'] : ['Yes', 'No']);
    // What stands in the mask's place when the word is written there.
    const text = render(roberta, source.replace('[M]', '{hypothesis}')).text;
    expect(text).toContain(afterSpace ? ' Yes' : 'Yes');
  });

  it('follow a space over a boundary that GPT-2 has no token for', () => {
    expect(maskFollowsSpace(parseTemplate('{premise} || [M]'), gpt2)).toBe(true);
  });
});
