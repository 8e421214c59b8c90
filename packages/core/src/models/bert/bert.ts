import type { Model } from '../../contracts/model.ts';
import { classifierDropout } from '../encoder/bert-config.ts';
import { bertEncoder, encoderSizes } from '../encoder/bert-encoder.ts';
import { maskedLanguageModel, poolerHead } from '../encoder/encoder-model.ts';
import type { BertConfig } from './config.ts';

const pooler = 'bert.pooler.dense';

/**
 * A BERT encoder with pooler and masked-language-model head, as pure functions of the parameter map.
 * Devlin et al. 2019, "BERT". Parameters have the names and orientation of Hugging Face's checkpoints.
 *
 * Dropout acts on the embeddings, the attention probabilities and both residual branches of each layer; `dropout`
 * says when it is skipped. Call inside `tf.tidy`: intermediate tensors are not disposed one by one.
 */
export function createBert(config: BertConfig): Model {
  const encoder = bertEncoder('bert', config);
  return maskedLanguageModel(
    {
      family: 'bert',
      encoder,
      sizes: encoderSizes(config),
      pooler,
      sequenceHead: (_, numOutputs) => poolerHead({ encoder, pooler, numOutputs, dropout: classifierDropout(config) }),
    },
    {
      transform: 'cls.predictions.transform.dense',
      transformNorm: 'cls.predictions.transform.LayerNorm',
      activation: config.hidden_act,
      epsilon: config.layer_norm_eps,
      ...(config.tie_word_embeddings ? {} : { decoder: 'cls.predictions.decoder' }),
      decoderBias: 'cls.predictions.bias',
    },
  );
}
