import { createTokenizer, wordPieceTokenizerJson } from '@attune/tokenizer';
import { describe, expect, it } from 'vitest';
import { paddingId, paddingProblem, paddingToken } from './padding-token.ts';

const vocabulary = ['<s>', '</s>', '<unk>', '!', 'river', '[X]'];
const names = ['<s>', '</s>', '<unk>', '[X]'];
const special = (content: string) => ({ SpecialToken: { id: content, type_id: 0 } });
const text = { Sequence: { id: 'A', type_id: 0 } };

/** A decoder's tokenizer: `suffix` stands behind each text. */
function decoder(config: object, { suffix = [] as string[], model = {}, added = names } = {}) {
  const ids = (content: string) => vocabulary.indexOf(content);
  const around = (texts: object[]) => [special('<s>'), ...texts, ...suffix.map(special)];
  const tokenizer = {
    added_tokens: added.map((content) => ({ id: ids(content), content, special: true })),
    post_processor: {
      type: 'TemplateProcessing',
      single: around([text]),
      pair: around([text, { Sequence: { id: 'B', type_id: 0 } }]),
      special_tokens: Object.fromEntries(names.map((name) => [name, { ids: [ids(name)] }])),
    },
    model: {
      ...{ type: 'BPE', vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])), merges: [] },
      ...{ unk_token: '<unk>', ...model },
    },
  };
  const files = { tokenizer, config };
  return {
    tokenizer: createTokenizer(files),
    tokenizerFiles: files,
    model: { languageModel: 'causal' as const, family: 'gpt2' },
  };
}

const json = wordPieceTokenizerJson(['river']);
const encoder = {
  tokenizer: createTokenizer({ tokenizer: json }),
  tokenizerFiles: { tokenizer: json },
  model: { languageModel: 'masked' as const, family: 'bert' },
};

describe('paddingToken', () => {
  it.each([
    ["the tokenizer's own", decoder({ pad_token: '[X]' }), '[X]'],
    ['the end of text where nothing pads', decoder({}), '</s>'],
    ['not the end of text where every text ends with it', decoder({}, { suffix: ['</s>'] }), '<s>'],
    ['nor where it is named for padding', decoder({ pad_token: '</s>' }, { suffix: ['</s>'] }), '<s>'],
    ['not what an unknown word becomes', decoder({ pad_token: '<unk>' }), '</s>'],
    ['that too where words become bytes', decoder({ pad_token: '<unk>' }, { model: { byte_fallback: true } }), '<unk>'],
    ["an encoder's, whatever it is", encoder, '[PAD]'],
  ])('is %s', (_, parts, content) => {
    expect(paddingToken(parts)).toEqual({ id: parts.tokenizer.tokenToId(content), content });
  });

  it('is none where there are only ordinary tokens', () => {
    const none = { pad_token: null, bos_token: null, eos_token: null, unk_token: null };
    expect(paddingToken(decoder(none, { added: [] }))).toBeUndefined();
  });
});

describe('paddingId and paddingProblem', () => {
  const trial = (loaded: object, kind = 'classification', config = {}) =>
    ({
      loaded: { ...loaded, config },
      prepared: { tokenizer: encoder.tokenizer, report: { formulated: { kind } } },
    }) as unknown as Parameters<typeof paddingId>[0];

  it("is the tokenizer's for a decoder, its own for an encoder that has one", () => {
    const config = { pad_token_id: 0 };
    expect(paddingId(trial(decoder({ pad_token: '[X]' }), 'classification', config))).toBe(5);
    expect(paddingId(trial(encoder, 'classification', { pad_token_id: 1 }))).toBe(1);
    expect(paddingId(trial(encoder))).toBe(0);
  });

  it.each([
    [0, undefined],
    [1, '[UNK]'],
    [3, '[SEP]'],
    [4, '[MASK]'],
    [5, 'river'],
    [6, undefined],
  ])('is a problem of a RoBERTa whose texts have token %i', (pad_token_id, content) => {
    const roberta = { ...encoder, model: { ...encoder.model, family: 'roberta' } };
    expect(paddingProblem(trial(roberta, 'classification', { pad_token_id }))).toBe(
      content &&
        `the transformers library gives positions to tokens other than pad_token_id, ${pad_token_id} in config.json, and ` +
          `texts have that token (${content})`,
    );
  });

  it('is a problem of heads over a decoder alone', () => {
    const none = decoder({ pad_token: null, bos_token: null, eos_token: null, unk_token: null }, { added: [] });
    expect(paddingProblem(trial(none))).toMatch(/^the transformers library finds the end of a text by a padding token/);
    expect([trial(none, 'cloze'), trial(decoder({})), trial(encoder)].map(paddingProblem)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
