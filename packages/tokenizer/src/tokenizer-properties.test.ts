import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';

const folder = new URL('../test/fixtures/tokenizers/', import.meta.url);
const read = <T>(name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T;
const { tokenizers } = read<{ tokenizers: string[] }>('manifest.json');

/** Any characters at all, lone surrogates and control characters among them; and texts as people write them. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
);

/** A word as texts have it: letters, of which some are accented or of other scripts, and punctuation behind it. */
const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCXYZéüßñдж漢字');
const word = fc
  .tuple(fc.string({ unit: letter, minLength: 1, maxLength: 8 }), fc.constantFrom('', '', '', '.', ',', '?', "'s"))
  .map((parts) => parts.join(''));

describe.each(tokenizers)('%s', (name) => {
  const tokenizer = createTokenizer({ tokenizer: read(`${name}.tokenizer.json`), where: name });

  it('gives ids of its vocabulary for any text, and text for any of them', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, afterSpace) => {
        const ids = tokenizer.encode(text, { afterSpace });
        expect(ids.filter((id) => !(Number.isInteger(id) && id >= 0 && id < tokenizer.vocabSize))).toEqual([]);
        expect(typeof tokenizer.decode(ids)).toBe('string');
        expect(tokenizer.encode(text, { afterSpace })).toEqual(ids);
      }),
    );
  });

  it('gives words one after the other the ids of the text that they make', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const apart = words.flatMap((each, index) => tokenizer.encode(each, { afterSpace: index > 0 }));
        expect(apart).toEqual(tokenizer.encode(words.join(' ')));
      }),
    );
  });
});
