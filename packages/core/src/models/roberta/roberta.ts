import type { Model, SequenceHead, SequenceHeadKind } from '../../contracts/model.ts';
import { classifierDropout } from '../encoder/bert-config.ts';
import { bertEncoder, encoderSizes } from '../encoder/bert-encoder.ts';
import { type Encoder, encodeFirst } from '../encoder/encoder.ts';
import { maskedLanguageModel, poolerHead } from '../encoder/encoder-model.ts';
import { denseHead } from '../layers/sequence-head.ts';
import type { RobertaConfig } from './config.ts';

const pooler = 'roberta.pooler.dense';

/**
 * A RoBERTa encoder with pooler and masked-language-model head. Liu et al. 2019, "RoBERTa". The layers are BERT's;
 * positions start after that of the padding token, and a table of one segment is for all tokens. The reference
 * implementation counts what is not the padding token; here padding is what the attention mask says.
 *
 * A classification reads the first token through a dense layer and tanh of its own, a choice the pooler, as in Hugging
 * Face's implementation. The head for masked tokens has the exact gelu, whatever the layers have.
 */
export function createRoberta(config: RobertaConfig): Model {
  const encoder = bertEncoder('roberta', config, { firstPosition: config.pad_token_id + 1 });
  return maskedLanguageModel(
    {
      family: 'roberta',
      encoder,
      sizes: encoderSizes(config),
      pooler,
      sequenceHead: (kind, numOutputs) => sequenceHead({ config, encoder, kind, numOutputs }),
    },
    {
      transform: 'lm_head.dense',
      transformNorm: 'lm_head.layer_norm',
      activation: 'gelu',
      epsilon: config.layer_norm_eps,
      ...(config.tie_word_embeddings ? {} : { decoder: 'lm_head.decoder' }),
      decoderBias: 'lm_head.bias',
    },
  );
}

function sequenceHead(of: {
  readonly config: RobertaConfig;
  readonly encoder: Encoder;
  readonly kind: SequenceHeadKind;
  readonly numOutputs: number;
}): SequenceHead {
  const { config, encoder, kind, numOutputs } = of;
  if (kind === 'choice') return poolerHead({ encoder, pooler, numOutputs, dropout: config.hidden_dropout_prob });
  const rate = classifierDropout(config);
  return denseHead({
    numOutputs,
    hiddenSize: encoder.hiddenSize,
    numLayers: encoder.layers.length,
    first: (call) => encodeFirst(encoder, call),
    dense: 'classifier.dense',
    output: 'classifier.out_proj',
    activation: 'tanh',
    dropout: { dense: rate, output: rate },
  });
}
