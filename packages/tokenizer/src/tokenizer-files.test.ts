import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { resolveTokenizerFiles } from './tokenizer-files.ts';
import { wordPieceTokenizerJson } from './word-piece.ts';

const folder = new URL('../test/fixtures/', import.meta.url);
const read = <T>(name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T;

/** Changes to a tokenizer's files, and what the reference library makes of them. */
interface Case {
  readonly base: string;
  readonly modelType: string;
  readonly parts: object;
  readonly config: { readonly tokenizer_class?: string };
  readonly specialTokensMap?: object;
  readonly addedTokens?: object;
  readonly ids: readonly number[][];
  readonly single: readonly number[];
  readonly pair: readonly number[];
  readonly tokenTypes: readonly number[];
  readonly paddingSide: 'left' | 'right';
}
const { texts, cases } = read<{ texts: string[]; cases: Case[] }>('tokenizer-files.json');

describe('all files of a tokenizer, as transformers 5 reads them', () => {
  it.each(cases.map((each, index) => [index, each.base, each.config.tokenizer_class, each] as const))(
    '%i: %s, %s',
    (_index, base, _class, { ids, single, pair, tokenTypes, paddingSide, parts, ...files }) => {
      const tokenizer = { ...read<object>(`tokenizers/${base}.tokenizer.json`), ...parts };
      const resolved = resolveTokenizerFiles({ ...files, tokenizer });
      for (const made of [createTokenizer({ ...files, tokenizer }), createTokenizer(resolved)]) {
        expect(texts.map((text) => made.encode(text))).toEqual(ids);
        const { layout } = made;
        const [first, second] = [made.encode(texts[2]!), made.encode(texts[1]!)];
        expect([...layout.single.prefix, ...first, ...layout.single.suffix]).toEqual(single);
        const start = [...layout.pair.prefix, ...first];
        const rest = [...second, ...layout.pair.suffix];
        expect([...start, ...layout.pair.joiner, ...rest]).toEqual(pair);
        const types = [
          ...start.map(() => 0),
          ...layout.pair.joinerTokenTypes,
          ...rest.map(() => layout.secondTokenType),
        ];
        // A ByteLevel post-processor has no say; the library counts texts, and these models have no segments.
        if (!['gpt2', 'qwen'].includes(base)) expect(types).toEqual(tokenTypes);
        expect(made.paddingSide).toBe(paddingSide);
      }
    },
  );
});

describe('what the files of a tokenizer must agree on', () => {
  const json = wordPieceTokenizerJson(['a', 'b']);
  const where = 'models/x/tokenizer.json';
  const tokenizer = (files: object) => createTokenizer({ tokenizer: json, where, ...files });

  it.each<[string, object, string]>([
    [
      'an id that the reference library would not give',
      { addedTokens: { new: 9 } },
      `${where}: added tokens that do not fit the vocabulary\n` +
        '  added_tokens.json: new has the id 9, the tokenizer gives it 7',
    ],
    [
      'another id of a token that is there',
      { config: { added_tokens_decoder: { '4': { content: 'a' } } } },
      'added_tokens_decoder: a has the id 4, the tokenizer gives it 5',
    ],
    [
      'a class of another model',
      { config: { tokenizer_class: 'GPT2Tokenizer' } },
      'tokenizer_class GPT2Tokenizer has a BPE model, tokenizer.json one of WordPiece',
    ],
    [
      'settings of a class that is not known here',
      { config: { tokenizer_class: 'FunnelTokenizer', do_lower_case: false } },
      'tokenizer_class FunnelTokenizer is not known here, and do_lower_case beside it may change',
    ],
    [
      'a token that would be left out',
      { addedTokens: JSON.parse('{"__proto__": 7}') },
      `${where} (added_tokens.json): __proto__: expected another token`,
    ],
    ['ids that are none', { addedTokens: { new: 'x' } }, `${where} (added_tokens.json): not a usable tokenizer`],
    [
      'settings that are none',
      { config: { do_lower_case: 'yes' } },
      'do_lower_case: expected a boolean, got "yes" (a string)',
    ],
  ])('refuses %s', (_title, files, message) => {
    expect(() => tokenizer(files)).toThrow(message);
  });

  it('takes older files only where tokenizer_config.json has no added_tokens_decoder', () => {
    const files = { addedTokens: { new: 7 }, specialTokensMap: { mask_token: 'a' } };
    expect(tokenizer(files).specialIds.mask).toBe(5);
    expect(tokenizer(files).encode('a new b')).toEqual([5, 7, 6]);
    const whole = tokenizer({ ...files, config: { added_tokens_decoder: {} } });
    expect(whole.specialIds.mask).toBe(4);
    expect(whole.encode('a new b')).toEqual([5, 1, 6]);
  });

  it('leaves files that say no more than tokenizer.json as they are', () => {
    const config = { tokenizer_class: 'BertTokenizer', do_lower_case: true, mask_token: '[MASK]' };
    expect(resolveTokenizerFiles({ tokenizer: json, config })).toEqual({ tokenizer: json, config });
    expect(resolveTokenizerFiles({ tokenizer: json })).toEqual({ tokenizer: json });
  });

  it('says all in the plain class where another one has changed something', () => {
    const config = { tokenizer_class: 'BertTokenizer', do_lower_case: false };
    const made = resolveTokenizerFiles({ tokenizer: json, config });
    expect(made.tokenizer).toMatchObject({ normalizer: { lowercase: false } });
    expect(made.config).toMatchObject({
      tokenizer_class: 'PreTrainedTokenizerFast',
      model_input_names: ['input_ids', 'token_type_ids', 'attention_mask'],
    });
  });

  it('pads as tokenizer.json says where tokenizer_config.json does not', () => {
    const padded = { ...json, padding: { direction: 'Left', pad_token: 'a' } };
    const made = createTokenizer({ tokenizer: padded });
    expect([made.paddingSide, made.specialIds.pad]).toEqual(['left', 5]);
    const config = { padding_side: 'right', pad_token: 'b' };
    expect(createTokenizer({ tokenizer: padded, config })).toMatchObject({
      paddingSide: 'right',
      specialIds: { pad: 6 },
    });
  });
});
