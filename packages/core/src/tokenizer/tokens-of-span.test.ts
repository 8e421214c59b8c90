import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { tokensOfSpan } from './tokens-of-span.ts';

const folder = new URL('../../test/fixtures/tokenizers/', import.meta.url);
const tokenizerOf = (name: string) =>
  createTokenizer({ tokenizer: JSON.parse(readFileSync(new URL(`${name}.tokenizer.json`, folder), 'utf8')) });

describe('tokensOfSpan', () => {
  const text = 'é\u0301 \u{1f600} the miller carried its lantern slowly';

  it.each(['bert-cased', 'gpt2', 'roberta', 'llama', 'qwen'])(
    '%s: finds the tokens of a word, and no others',
    (name) => {
      const tokenizer = tokenizerOf(name);
      const encoding = tokenizer.encodeWithOffsets(text);
      for (const word of ['miller', 'carried', 'lantern']) {
        const start = text.indexOf(word);
        const [first, end] = tokensOfSpan(encoding, { start, end: start + word.length })!;
        expect(tokenizer.decode(encoding.ids.slice(first, end)).trim()).toBe(word);
      }
    },
  );

  it('finds nothing where no token is', () => {
    const encoding = tokenizerOf('bert-uncased').encodeWithOffsets('a  b');
    expect(encoding.offsets).toHaveLength(2);
    expect(tokensOfSpan(encoding, { start: 1, end: 3 })).toBeUndefined();
    expect(tokensOfSpan(encoding, { start: 3, end: 3 })).toBeUndefined();
    expect(tokensOfSpan(encoding, { start: 0, end: 4 })).toEqual([0, 2]);
  });
});
