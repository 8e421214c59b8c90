import { describe, expect, it } from 'vitest';
import { findSpecialIds, placeholderId, requireSpecialId } from './special-ids.ts';

const where = 'x/tokenizer.json';
const find = (tokens: readonly string[], config = {}, ends?: { cls: number; sep: number }) =>
  findSpecialIds({ vocabulary: new Map(tokens.map((token, id) => [token, id])), config, ends, where });

describe('findSpecialIds', () => {
  it.each<[string, string[], object]>([
    ['BERT', ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'], { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 }],
    ['ALBERT', ['<pad>', '<unk>', '[CLS]', '[SEP]', '[MASK]'], { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 }],
    ['Llama, padded by its end of text', ['<unk>', '<s>', '</s>'], { unk: 0, bos: 1, eos: 2, pad: 2 }],
    ['GPT-2, padded by its end of text', ['a', '<|endoftext|>'], { bos: 1, eos: 1, pad: 1 }],
    ['a vocabulary padded by its unknown token', ['a', '[UNK]'], { unk: 1, pad: 1 }],
    ['a vocabulary without any', ['a'], { pad: 0 }],
  ])('finds what %s has, and no more', (_family, tokens, expected) => {
    expect(find(tokens)).toEqual(expected);
  });

  it("takes RoBERTa's start and separator from its post-processor", () => {
    const tokens = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'];
    expect(find(tokens, {}, { cls: 0, sep: 2 })).toEqual({ cls: 0, pad: 1, sep: 2, unk: 3, mask: 4, bos: 0, eos: 2 });
  });

  it('lets tokenizer_config.json say what each is, or that there is none', () => {
    const config = { cls_token: null, pad_token: 'a', mask_token: 'b' };
    expect(find(['[CLS]', '[PAD]', '[MASK]', 'a', 'b'], config, { cls: 0, sep: 1 })).toEqual({
      sep: 1,
      pad: 3,
      mask: 4,
    });
    expect(() => find(['a'], { eos_token: '</s>', pad_token: '<pad>' })).toThrow(
      'x/tokenizer.json: the vocabulary of 1 tokens lacks <pad>, </s>; add them',
    );
  });
});

describe('requireSpecialId', () => {
  it('gives the id, or says what is missing for what', () => {
    expect(requireSpecialId({ specialIds: { mask: 0, pad: 1 } }, 'mask', 'a cloze')).toBe(0);
    expect(() => requireSpecialId({ specialIds: { eos: 3, pad: 3 } }, 'sep', 'pre-training')).toThrow(
      'pre-training needs a sep token, and this tokenizer has eos, pad alone; take a model whose vocabulary has one, ' +
        'or name it as sep_token in tokenizer_config.json',
    );
  });
});

describe('placeholderId', () => {
  it('is the unknown token, else padding', () => {
    expect(placeholderId({ specialIds: { unk: 4, pad: 1 } })).toBe(4);
    expect(placeholderId({ specialIds: { pad: 1 } })).toBe(1);
  });
});
