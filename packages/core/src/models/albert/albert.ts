import type { Model } from '../../contracts/model.ts';
import { encoderSizes } from '../encoder/bert-encoder.ts';
import { maskedLanguageModel, poolerHead } from '../encoder/encoder-model.ts';
import type { AlbertConfig } from './config.ts';
import { albertEncoder } from './encoder.ts';

const pooler = 'albert.pooler';

/**
 * An ALBERT encoder with pooler and masked-language-model head. Lan et al. 2020, "ALBERT": embeddings narrower than
 * the layers (section 3.1, factorised embedding parameterisation), and layers that share their parameters.
 *
 * Shared parameters and projections are listed once and have no `layer`; `numLayers` counts applications, and dropout
 * sites and prefixes are of applications too.
 */
export function createAlbert(config: AlbertConfig): Model {
  const encoder = albertEncoder(config);
  return maskedLanguageModel(
    {
      family: 'albert',
      encoder,
      sizes: encoderSizes(config),
      pooler,
      sequenceHead: (_, numOutputs) =>
        poolerHead({ encoder, pooler, numOutputs, dropout: config.classifier_dropout_prob }),
    },
    {
      transform: 'predictions.dense',
      transformNorm: 'predictions.LayerNorm',
      activation: config.hidden_act,
      epsilon: config.layer_norm_eps,
      ...(config.tie_word_embeddings ? {} : { decoder: 'predictions.decoder' }),
      decoderBias: 'predictions.bias',
    },
  );
}
