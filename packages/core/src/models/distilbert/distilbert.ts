import type { Model } from '../../contracts/model.ts';
import { encodeFirst } from '../encoder/encoder.ts';
import { maskedLanguageModel } from '../encoder/encoder-model.ts';
import { denseHead } from '../layers/sequence-head.ts';
import type { DistilBertConfig } from './config.ts';
import { distilBertEncoder, epsilon } from './encoder.ts';

/**
 * A DistilBERT encoder with masked-language-model head. Sanh et al. 2019, "DistilBERT". BERT's layers but for one
 * dropout, without segments and without a pooler: classification and choice read the first token through a dense
 * layer and ReLU of their own.
 */
export function createDistilBert(config: DistilBertConfig): Model {
  const encoder = distilBertEncoder(config);
  return maskedLanguageModel(
    {
      family: 'distilbert',
      encoder,
      sizes: {
        intermediateSize: config.hidden_dim,
        initializer: { kind: 'normal', stddev: config.initializer_range },
      },
      sequenceHead: (_, numOutputs) =>
        denseHead({
          numOutputs,
          hiddenSize: config.dim,
          numLayers: config.n_layers,
          first: (call) => encodeFirst(encoder, call),
          dense: 'pre_classifier',
          output: 'classifier',
          activation: 'relu',
          dropout: { output: config.seq_classif_dropout },
        }),
    },
    {
      transform: 'vocab_transform',
      transformNorm: 'vocab_layer_norm',
      activation: config.activation,
      epsilon,
      ...(config.tie_word_embeddings ? {} : { decoder: 'vocab_projector' }),
      decoderBias: 'vocab_projector.bias',
    },
  );
}
