import { type HostTensors, randomSource } from '@attune/base';
import {
  type BertConfig,
  createBert,
  createGpt2,
  createLlama,
  type Formulation,
  type Gpt2Config,
  initializeParameters,
  type LlamaConfig,
  type Model,
  modelFamily,
  parseBertConfig,
  parseGpt2Config,
  parseLlamaConfig,
} from '@attune/core';
import { createTokenizer, type Tokenizer, wordPieceTokenizerJson } from '@attune/tokenizer';
import type { ContractSubject } from './method-contract/contract-types.ts';

/** Ids 5 to 49; the five special tokens are before them, so the vocabulary has tinyBert's 50 tokens. */
const words = [
  ...['the', 'a', 'is', 'was', 'not', 'in', 'on', 'and', 'or', 'it', 'he', 'she', 'they', 'who', 'what'],
  ...['yes', 'no', 'true', 'false', 'same', 'because', 'so', 'maybe', 'question', 'answer', 'word'],
  ...['bridge', 'garden', 'boat', 'lamp', 'red', 'old', '##s', '##ed', '##ing', '.', ',', '?', '!', '"', "'", '-'],
  ...['(', ')', '##er'],
];

/** A lower-casing WordPiece tokenizer over 50 tokens, in memory. Words it does not know become one [UNK]. */
export function tinyTokenizer(): Tokenizer {
  return createTokenizer({ tokenizer: wordPieceTokenizerJson(words), where: 'tiny tokenizer' });
}

/** A model with values for all its parameters, and the checked configuration that it was made from. */
export interface TinyModel<Config = BertConfig> {
  readonly model: Model;
  readonly values: HostTensors;
  readonly config: Config;
}

/**
 * A BERT small enough for central differences: 2 layers, hidden 16, 2 heads, vocabulary 50, 32 positions. Its weights
 * are seeded and wide, 0.3 instead of 0.02, so that attention is uneven and an error shows in every output.
 *
 * @param overrides  keys of config.json, e.g. { num_hidden_layers: 3 }
 */
export function tinyBert(overrides: Partial<BertConfig> = {}, seed = 0): TinyModel {
  const config = parseBertConfig({
    model_type: 'bert',
    vocab_size: 50,
    hidden_size: 16,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 32,
    max_position_embeddings: 32,
    initializer_range: 0.3,
    ...overrides,
  });
  const model = createBert(config);
  return { model, values: initializeParameters(model.parameters, randomSource(seed).fork('tiny-bert')), config };
}

/** A GPT-2 of `tinyBert`'s sizes, with the same vocabulary. */
export function tinyGpt2(overrides: Partial<Gpt2Config> = {}, seed = 0): TinyModel<Gpt2Config> {
  const config = parseGpt2Config({
    model_type: 'gpt2',
    vocab_size: 50,
    n_embd: 16,
    n_layer: 2,
    n_head: 2,
    n_inner: 32,
    n_positions: 32,
    initializer_range: 0.3,
    ...overrides,
  });
  const model = createGpt2(config);
  return { model, values: initializeParameters(model.parameters, randomSource(seed).fork('tiny-gpt2')), config };
}

/** A Llama of `tinyBert`'s sizes with one key for its two heads, with the same vocabulary. */
export function tinyLlama(overrides: Readonly<Record<string, unknown>> = {}, seed = 0): TinyModel<LlamaConfig> {
  const { config } = parseLlamaConfig({
    model_type: 'llama',
    vocab_size: 50,
    hidden_size: 16,
    intermediate_size: 32,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    max_position_embeddings: 32,
    initializer_range: 0.3,
    ...overrides,
  });
  const model = createLlama(config);
  return { model, values: initializeParameters(model.parameters, randomSource(seed).fork('tiny-llama')), config };
}

/** A tiny model of one family, and how tasks can be posed to it. */
interface TinyFamily {
  readonly title: string;
  readonly subject: ContractSubject;
  readonly formulations: readonly Formulation[];
}

const depth = { num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32 };
const shared = { vocab_size: 50, initializer_range: 0.3 };
const bertLike = { ...shared, ...depth, hidden_size: 16, max_position_embeddings: 32 };
const distilBert = { ...shared, dim: 16, n_layers: 2, n_heads: 2, hidden_dim: 32, max_position_embeddings: 32 };
const gpt2 = { ...shared, n_embd: 16, n_layer: 2, n_head: 2, n_inner: 32, n_positions: 32 };

/** Every family but BERT, of `tinyBert`'s sizes and vocabulary, with weights as wide. */
export function tinyFamilies(): TinyFamily[] {
  return [
    family('roberta', { model_type: 'roberta', ...bertLike, max_position_embeddings: 34 }),
    family('distilbert', { model_type: 'distilbert', ...distilBert }),
    family('albert', { model_type: 'albert', ...bertLike, embedding_size: 8, hidden_dropout_prob: 0.1 }),
    family('electra, a generator', {
      ...{ model_type: 'electra', architectures: ['ElectraForMaskedLM'] },
      ...{ ...bertLike, embedding_size: 8 },
    }),
    family('electra, a discriminator', { model_type: 'electra', ...bertLike, embedding_size: 8 }),
    family('gpt2', { model_type: 'gpt2', ...gpt2 }),
    ...['llama', 'qwen2', 'qwen3'].map((modelType) =>
      family(modelType, { model_type: modelType, ...bertLike, num_key_value_heads: 1, head_dim: 8 }),
    ),
  ];
}

function family(title: string, config: Readonly<Record<string, unknown>>): TinyFamily {
  const { model } = modelFamily(config, title).create(config, title);
  const values = initializeParameters(model.parameters, randomSource(0).fork(title));
  return {
    title,
    subject: { model, values },
    formulations: model.languageModel === 'replaced-token' ? ['head'] : ['head', 'cloze'],
  };
}
