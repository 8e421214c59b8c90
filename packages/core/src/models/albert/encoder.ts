import { bertEmbeddings } from '../encoder/bert-encoder.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { LayerModules, PostNormLayer } from '../encoder/post-norm-layer.ts';
import type { AlbertConfig } from './config.ts';

/**
 * BERT's embeddings at a width of their own, projected; then groups of layers, each group applied to its share of
 * the depth with the same modules. Layer i of `num_hidden_layers` is of group ⌊i / (layers / groups)⌋.
 */
export function albertEncoder(config: AlbertConfig): Encoder {
  const { embedding_size: width, hidden_size: hiddenSize } = config;
  const projection = 'albert.encoder.embedding_hidden_mapping_in';
  return {
    hiddenSize,
    embeddings: bertEmbeddings('albert', config, { width, projection }),
    layers: albertLayers(config),
  };
}

function albertLayers(config: AlbertConfig): PostNormLayer[] {
  const { num_hidden_layers: layers, num_hidden_groups: groups, inner_group_num: inner } = config;
  const paths = Array.from({ length: layers * inner }, (_, index) => {
    const group = Math.floor(Math.floor(index / inner) / (layers / groups));
    return `albert.encoder.albert_layer_groups.${group}.albert_layers.${index % inner}`;
  });
  const isShared = (path: string) => paths.indexOf(path) !== paths.lastIndexOf(path);
  return paths.map((path, index) => ({
    index,
    modules: modulesOf(path),
    isShared: isShared(path),
    site: `albert.encoder.layer.${index}`,
    numHeads: config.num_attention_heads,
    activation: config.hidden_act,
    epsilon: config.layer_norm_eps,
    // The reference implementation has none between the feed-forward's output and its residual sum.
    dropout: { attention: config.attention_probs_dropout_prob, attentionOutput: config.hidden_dropout_prob },
  }));
}

function modulesOf(path: string): LayerModules {
  return {
    query: `${path}.attention.query`,
    key: `${path}.attention.key`,
    value: `${path}.attention.value`,
    attentionOutput: `${path}.attention.dense`,
    attentionNorm: `${path}.attention.LayerNorm`,
    intermediate: `${path}.ffn`,
    output: `${path}.ffn_output`,
    outputNorm: `${path}.full_layer_layer_norm`,
  };
}
