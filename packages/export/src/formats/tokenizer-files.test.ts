import { tinyBert } from '@attune/testing';
import { createTokenizer, wordPieceTokenizerJson } from '@attune/tokenizer';
import { describe, expect, it } from 'vitest';
import { exportedTokenizer } from './tokenizer-files.ts';

const json = wordPieceTokenizerJson(['river']);
const { model } = tinyBert();
const loaded = (config?: object) => ({
  model,
  tokenizer: createTokenizer({ tokenizer: json, ...(config && { config }) }),
  tokenizerFiles: { tokenizer: json, ...(config && { config }) },
});

describe('exportedTokenizer', () => {
  it('adds the pseudo tokens behind the vocabulary, and names special tokens where nothing does', () => {
    const { tokenizer, config } = exportedTokenizer(loaded(), 2);
    const made = createTokenizer({ tokenizer, config });
    expect([made.tokenToId('[P1]'), made.tokenToId('[P2]')]).toEqual([6, 7]);
    expect(made.specialIds).toEqual(loaded().tokenizer.specialIds);
    expect(config).toEqual({
      tokenizer_class: 'PreTrainedTokenizerFast',
      cls_token: '[CLS]',
      sep_token: '[SEP]',
      mask_token: '[MASK]',
      pad_token: '[PAD]',
      unk_token: '[UNK]',
      padding_side: 'right',
      model_input_names: ['input_ids', 'token_type_ids', 'attention_mask'],
    });
  });

  it('has no token types where the model reads none, or has one alone', () => {
    const oneType = { ...loaded(), model: tinyBert({ type_vocab_size: 1 }).model };
    expect(exportedTokenizer(oneType, 0).config).not.toHaveProperty('model_input_names');
    const decoder = { ...loaded(), model: { parameters: [], languageModel: 'causal' as const, family: 'gpt2' } };
    expect(exportedTokenizer(decoder, 0).config).not.toHaveProperty('model_input_names');
  });

  it('keeps a configuration that is there', () => {
    const config = { tokenizer_class: 'BertTokenizer', mask_token: 'river' };
    expect(exportedTokenizer(loaded(config), 0).config).toEqual({
      ...config,
      pad_token: '[PAD]',
      padding_side: 'right',
    });
  });

  it('refuses names that are taken', () => {
    const { tokenizer } = exportedTokenizer(loaded(), 1);
    const taken = { model, tokenizer: createTokenizer({ tokenizer }), tokenizerFiles: { tokenizer } };
    expect(() => exportedTokenizer(taken, 2)).toThrow('tokenizer.json: has [P1] already');
  });
});
