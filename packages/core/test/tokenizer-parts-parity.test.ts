import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createNormalizer } from '../src/tokenizer/normalizers/create-normalizer.ts';
import { normalizerSchema } from '../src/tokenizer/normalizers/normalizer-schema.ts';
import { createPreTokenizer, preTokenizerSchema } from '../src/tokenizer/pre-tokenizers/create-pre-tokenizer.ts';
import { alignText } from '../src/tokenizer/text/aligned-text.ts';
import { utf16Offsets } from './utf16-offsets.ts';

interface Parts {
  readonly texts: readonly string[];
  /** Pieces with their offsets in code points, by text. */
  readonly preTokenizers: readonly {
    readonly config: object;
    readonly pieces: readonly [string, number, number][][];
  }[];
  readonly normalizers: readonly { readonly config: object; readonly texts: readonly string[] }[];
}
const file = new URL('./fixtures/tokenizers/parts.json', import.meta.url);
const { texts, preTokenizers, normalizers } = JSON.parse(readFileSync(file, 'utf8')) as Parts;

describe('pre-tokenizers of the reference library', () => {
  it.each(preTokenizers.map((part) => [JSON.stringify(part.config), part] as const))('%s', (_title, part) => {
    const preTokenize = createPreTokenizer(preTokenizerSchema.parse(part.config));
    const given = texts.map((text) =>
      preTokenize(alignText(text)).map(({ chars, starts, ends }) => [chars.join(''), starts[0], ends.at(-1)]),
    );
    const wanted = part.pieces.map((pieces, index) => {
      const units = utf16Offsets(texts[index]!);
      return pieces.map(([piece, start, end]) => [piece, units[start], units[end]]);
    });
    expect(given).toEqual(wanted);
  });
});

describe('normalizers of the reference library', () => {
  it.each(normalizers.map((part) => [JSON.stringify(part.config), part] as const))('%s', (_title, part) => {
    const normalize = createNormalizer(normalizerSchema.parse(part.config));
    expect(texts.map((text) => normalize(alignText(text)).chars.join(''))).toEqual(part.texts);
  });
});
