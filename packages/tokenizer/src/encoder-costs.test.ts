import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';

const long = 'a'.repeat(100_000);
const model = { type: 'WordPiece', vocab: { '[UNK]': 0, a: 1 } };
const doubling = { type: 'Replace', pattern: { String: 'a' }, content: 'aa' };
const normalizers = (count: number) => ({
  normalizer: { type: 'Sequence', normalizers: Array.from({ length: count }, () => doubling) },
  model,
});
const unigram = (vocab: readonly (readonly [string, number])[]) => ({ model: { type: 'Unigram', unk_id: 0, vocab } });
const encode = (tokenizer: object, text: string) => createTokenizer({ tokenizer }).encode(text);

describe('what no tokenizer in use has', () => {
  it.each<[title: string, tokenizer: object, text: string, message: string]>([
    ['rules that double a letter thirty times', normalizers(30), 'a', 'normalizer: makes 1048576 characters of a text'],
    ['more normalizers than any', normalizers(51), 'a', 'normalizer: expected at most 50 parts, got 51'],
    [
      'bytes of bytes of bytes',
      {
        pre_tokenizer: { type: 'Sequence', pretokenizers: [1, 2, 3].map(() => ({ type: 'ByteLevel' })) },
        model,
      },
      'a',
      'pre_tokenizer: expected at most 2 of ByteLevel, got 3',
    ],
    [
      'a piece without end',
      unigram([
        ['<unk>', 0],
        [long, -1],
      ]),
      'a',
      'expected tokens of at most 128 characters',
    ],
    [
      'marks without end',
      { normalizer: { type: 'NFC' }, model },
      `a${'\u0345\u0334'.repeat(5000)}`,
      'more than 4000 combining marks in a row',
    ],
  ])('is refused: %s', (_title, tokenizer, text, message) => {
    expect(() => encode(tokenizer, text)).toThrow(message);
  });

  it('takes words of any length in time', () => {
    expect(
      encode(
        unigram([
          ['<unk>', 0],
          ['b', -1],
          ['a', -2],
          ['aa', -3],
        ]),
        long,
      ),
    ).toHaveLength(50_000);
    expect(
      encode(
        unigram([
          ['<unk>', 0],
          ['b', -1],
        ]),
        long,
      ),
    ).toEqual([0]);
    const bpe = { type: 'BPE', unk_token: 'u', fuse_unk: true, vocab: { u: 0, b: 1, bb: 2 }, merges: ['b b'] };
    expect(encode({ model: bpe }, long)).toEqual([0]);
    expect(encode({ model: bpe }, 'b'.repeat(100_000))).toHaveLength(50_000);
  });
});
