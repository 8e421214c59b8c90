import {
  type BertConfig,
  createBert,
  createGpt2,
  createLlama,
  type Gpt2Config,
  type HostTensors,
  initializeParameters,
  type LlamaConfig,
  type Model,
  parseBertConfig,
  parseGpt2Config,
  parseLlamaConfig,
  randomSource,
} from '@attune/core';

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
