import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { libraryParts } from './library.ts';
import { createNormalizer, normalizerSchema } from './normalizers/create-normalizer.ts';
import { libraryPreTokenizer, preTokenizerSchema } from './pre-tokenizers.ts';

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

/** The library has the pieces joined in other ways; files that ask for these are refused. */
const lacking = /^\{"type":"Split".*"(MergedWithPrevious|MergedWithNext|Contiguous)"/;
const known = preTokenizers.filter(({ config }) => !lacking.test(JSON.stringify(config)));

describe('pre-tokenizers of the reference library', () => {
  it.each(known.map((part) => [JSON.stringify(part.config), part] as const))('%s', (_title, { config, pieces }) => {
    const { pre_tokenizer: preTokenize } = libraryParts({
      pre_tokenizer: libraryPreTokenizer(preTokenizerSchema.parse(config)),
    });
    // An empty text does not come this far, and to byte-level patterns of the library U+FEFF is white space.
    const isLeftOut = (text: string) => text === '' || (text === '\ufeffbom' && 'use_regex' in config);
    const compared = texts.flatMap((text, index) => (isLeftOut(text) ? [] : [{ text, pieces: pieces[index]! }]));
    expect(compared.length).toBeGreaterThan(40);
    for (const { text, pieces: wanted } of compared) {
      expect(preTokenize!(text, { section_index: 0 })).toEqual(wanted);
    }
  });

  it('refuses what the library lacks', () => {
    const refused = preTokenizers.filter((part) => !known.includes(part));
    expect(refused).toHaveLength(4);
    for (const { config } of refused) {
      const problems = preTokenizerSchema.safeParse(config).error?.issues.map(({ path, message }) => [path, message]);
      expect(problems).toEqual([[['behavior'], 'Invalid option: expected one of "Removed"|"Isolated"']]);
    }
  });
});

describe('normalizers of the reference library', () => {
  it.each(normalizers.map((part) => [JSON.stringify(part.config), part] as const))('%s', (_title, part) => {
    const normalize = createNormalizer(normalizerSchema.parse(part.config));
    expect(texts.map((text) => normalize(text))).toEqual(part.texts);
  });
});
