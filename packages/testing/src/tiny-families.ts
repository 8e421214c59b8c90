import { type Formulation, initializeParameters, modelFamily, randomSource } from '@attune/core';
import type { ContractSubject } from './method-contract/contract-types.ts';

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
