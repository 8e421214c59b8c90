import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { wordPieceTokenizerJson } from './word-piece.ts';

// Ids 0 to 4 are [PAD], [UNK], [CLS], [SEP], [MASK].
const vocabulary = ['the', 'river', 'is', 'un', '##kind', '##ly', ',', '?', '[', ']', 'mask', 'cafe', "'", 's'];
const json = wordPieceTokenizerJson(vocabulary);
const tokenizer = createTokenizer({ tokenizer: json });

describe('createTokenizer', () => {
  it.each<[text: string, ids: number[], decoded: string]>([
    ['The river', [5, 6], 'the river'],
    ['  the\triver\n', [5, 6], 'the river'],
    ['unkindly', [8, 9, 10], 'unkindly'],
    ['the river, is?', [5, 6, 11, 7, 12], 'the river, is?'],
    ['unkindness is', [1, 7], '[UNK] is'],
    ['Café', [16], 'cafe'],
    ["river's", [6, 17, 18], "river ' s"],
    ['[MASK]', [13, 15, 14], '[ mask ]'],
    ['', [], ''],
    ['   ', [], ''],
  ])('%j', (text, ids, decoded) => {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(decoded);
  });

  it.each(['$', '$$', '$&', "$'", '$1'])('puts what replaces a text in as it is: %s', (content) => {
    const replaced = (from: string, to: string) => ({ type: 'Replace', pattern: { String: from }, content: to });
    const model = { type: 'BPE', vocab: { $: 0, '&': 1, "'": 2, '1': 3, a: 4, b: 5 }, merges: [] };
    const decoder = { type: 'Sequence', decoders: [replaced('a', content), { type: 'Fuse' }] };
    const own = createTokenizer({ tokenizer: { normalizer: replaced('x', content), decoder, model } });
    expect(own.encode('axb')).toEqual([4, ...[...content].map((char) => own.tokenToId(char)), 5]);
    expect(own.decode([4, 5])).toBe(`${content}b`);
  });

  it.each([[{ Regex: '(a+)+$' }], [{ hasOwnProperty: 'a' }], [undefined]])('decodes no pattern %j', (pattern) => {
    const decoder = { type: 'Sequence', decoders: [{ type: 'Replace', pattern, content: 'b' }] };
    const model = { type: 'BPE', vocab: { a: 0 }, merges: [] };
    expect(() => createTokenizer({ tokenizer: { decoder, model } })).toThrow(/decoder\.decoders\[0\]\.pattern/);
  });

  it('finds special ids in the vocabulary', () => {
    expect(tokenizer.specialIds).toEqual({ pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 });
    expect(tokenizer.vocabSize).toBe(19);
    expect(tokenizer.tokenToId('##ly')).toBe(10);
    expect(tokenizer.tokenToId('[MASK]')).toBe(4);
    expect(tokenizer.tokenToId('brook')).toBeUndefined();
  });

  it('takes other names of special tokens from tokenizer_config.json', () => {
    const renamed = createTokenizer({
      tokenizer: json,
      config: { cls_token: 'the', mask_token: { content: 'mask', special: true } },
    });
    expect(renamed.specialIds).toEqual({ pad: 0, unk: 1, cls: 5, sep: 3, mask: 15 });
  });

  it('pads batches where tokenizer_config.json says, on the right when it does not', () => {
    const sideOf = (config: object) => createTokenizer({ tokenizer: json, config }).paddingSide;
    expect([{}, { padding_side: 'left' }, { padding_side: null }].map(sideOf)).toEqual(['right', 'left', 'right']);
    expect(() => sideOf({ padding_side: 'top' })).toThrow(/padding_side: expected one of "left", "right", got "top"/);
  });

  it('says which special tokens are missing', () => {
    expect(() =>
      createTokenizer({ tokenizer: json, config: { sep_token: '</s>' }, where: 'x/tokenizer.json' }),
    ).toThrow(
      'x/tokenizer.json: the vocabulary of 19 tokens lacks </s>; add them, or name the ones it has in ' +
        'tokenizer_config.json',
    );
  });

  it('lists what is wrong with the file', () => {
    expect(() => createTokenizer({ tokenizer: { added_tokens: 3 }, where: 'x/tokenizer.json' })).toThrow(
      'x/tokenizer.json: not a usable tokenizer\n' +
        '  added_tokens: expected an array, got 3\n' +
        '  model: expected BPE, Unigram or WordPiece, got nothing',
    );
    expect(() => createTokenizer({ tokenizer: { model: { type: 'Bigram' } } })).toThrow(
      'tokenizer.json: not a usable tokenizer\n  model.type: expected BPE, Unigram or WordPiece, got "Bigram" (a string)',
    );
  });
});

describe('a model whose parts do not fit together is refused', () => {
  const vocab = { a: 0, b: 1 };
  const charsmap = (precompiled_charsmap: string) => ({
    normalizer: { type: 'Precompiled', precompiled_charsmap },
    model: { type: 'WordPiece', vocab: { '[UNK]': 0 } },
  });
  const trie = 'expected a trie and its texts, got other bytes';

  it.each<[string, object, string]>([
    ['an unknown token', { model: { type: 'WordPiece', vocab } }, 'model: unk_token [UNK] is not in vocab'],
    [
      'a merge',
      { model: { type: 'BPE', vocab, merges: ['a b'] } },
      'model: merge "a b" makes a token that is not in vocab',
    ],
    [
      'an unknown piece',
      { model: { type: 'Unigram', vocab: [['a', -1]], unk_id: 1 } },
      'model: unk_id 1 is outside its 1 pieces',
    ],
    ['a charsmap cut short', charsmap('AAAA'), `normalizer: precompiled_charsmap: ${trie}`],
  ])('%s', (_, tokenizer, message) => {
    const where = 'x/tokenizer.json';
    expect(() => createTokenizer({ tokenizer, where })).toThrow(`${where}: not a usable tokenizer: ${message}`);
  });

  it('as is a charsmap that is no base64', () => {
    expect(() => createTokenizer({ tokenizer: charsmap('%') })).toThrow(
      'tokenizer.json: not a usable tokenizer\n  normalizer.precompiled_charsmap: expected a valid base64-encoded string',
    );
  });
});

describe('wordPieceTokenizerJson', () => {
  it('puts missing special tokens first and keeps given ones where they are', () => {
    const given = createTokenizer({ tokenizer: wordPieceTokenizerJson(['a', '[UNK]', '[MASK]']) });
    expect(given.specialIds).toEqual({ pad: 0, cls: 1, sep: 2, unk: 4, mask: 5 });
  });

  it('refuses a word that occurs twice', () => {
    expect(() => wordPieceTokenizerJson(['a', 'b', 'a'])).toThrow('WordPiece vocabulary: a occurs more than once');
  });
});
