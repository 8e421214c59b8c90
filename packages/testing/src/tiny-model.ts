import {
  type BertConfig,
  createBert,
  type HostTensors,
  initializeParameters,
  type Model,
  parseBertConfig,
  randomSource,
} from '@attune/core';

export interface TinyModel {
  readonly model: Model;
  readonly values: HostTensors;
  readonly config: BertConfig;
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
