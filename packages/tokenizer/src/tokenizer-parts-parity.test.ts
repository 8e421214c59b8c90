import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createNormalizer, normalizerSchema } from './normalizers/create-normalizer.ts';
import { createPreTokenizer, preTokenizerSchema } from './pre-tokenizers.ts';

interface Parts {
  readonly texts: readonly string[];
  /** Pieces, by text. */
  readonly preTokenizers: readonly {
    readonly config: object;
    readonly pieces: readonly string[][];
  }[];
  readonly normalizers: readonly { readonly config: object; readonly texts: readonly string[] }[];
}
const file = new URL('../test/fixtures/tokenizers/parts.json', import.meta.url);
const { texts, preTokenizers, normalizers } = JSON.parse(readFileSync(file, 'utf8')) as Parts;

describe('pre-tokenizers of the reference library', () => {
  it.each(preTokenizers.map((part) => [JSON.stringify(part.config), part] as const))('%s', (_title, part) => {
    const cut = createPreTokenizer(preTokenizerSchema.parse(part.config));
    for (const [index, text] of texts.entries()) {
      // An empty text does not come this far.
      if (text === '') continue;
      expect(cut({ text, isFirst: true }).map((piece) => piece.text)).toEqual(part.pieces[index]);
    }
  });
});

describe('normalizers of the reference library', () => {
  it.each(normalizers.map((part) => [JSON.stringify(part.config), part] as const))('%s', (_title, part) => {
    const normalize = createNormalizer(normalizerSchema.parse(part.config));
    expect(texts.map((text) => normalize(text))).toEqual(part.texts);
  });
});
