import { z } from 'zod';
import type { Model, SequenceHead, SequenceHeadKind } from '../contracts/model.ts';
import { parseConfig } from './config-schema.ts';
import { bertConfigFields, bertEncoder, classifierDropout, encoderSizes } from './encoder/bert-encoder.ts';
import { encodeFirst, maskedLanguageModel, poolerHead } from './encoder/encoder-model.ts';
import type { Encoder } from './encoder/post-norm-layer.ts';
import { denseHead } from './layers/sequence-head.ts';
import { canonicalNames, type ModelFamily } from './model-family.ts';

/**
 * Hugging Face's `config.json` of a RoBERTa, under its own names; defaults are theirs, which are not the published
 * models' own. Keys that are not listed are kept, so that a directory can be written back as it was read.
 */
const robertaConfigSchema = z.looseObject({
  model_type: z.literal('roberta'),
  ...bertConfigFields,
  /** The first token of a sequence has the position after it. */
  pad_token_id: z.int().min(0).default(1),
});

/** A checked configuration; see `robertaConfigSchema`. */
type RobertaConfig = z.infer<typeof robertaConfigSchema>;

/** Checks and completes a configuration. @throws ConfigError listing every problem */
function parseRobertaConfig(value: unknown, where = 'RoBERTa configuration'): RobertaConfig {
  const names = { where, family: 'RoBERTa', hidden: 'hidden_size', heads: 'num_attention_heads' };
  return parseConfig(robertaConfigSchema, value, names);
}

const pooler = 'roberta.pooler.dense';

/**
 * A RoBERTa encoder with pooler and masked-language-model head. Liu et al. 2019, "RoBERTa". The layers are BERT's;
 * positions start after that of the padding token, and a table of one segment is for all tokens. The reference
 * implementation counts what is not the padding token; here padding is what the attention mask says.
 *
 * A classification reads the first token through a dense layer and tanh of its own, a choice the pooler, as in Hugging
 * Face's implementation. The head for masked tokens has the exact gelu, whatever the layers have.
 */
function createRoberta(config: RobertaConfig): Model {
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
      decoder: 'lm_head.decoder',
      isTied: config.tie_word_embeddings,
      bias: 'lm_head.bias',
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

/** RoBERTa as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const robertaFamily: ModelFamily = {
  modelType: 'roberta',
  create(value, where) {
    const config = parseRobertaConfig(value, where);
    return { model: createRoberta(config), config };
  },
  canonicalName: canonicalNames({
    prefix: 'roberta',
    backbone: ['embeddings', 'encoder', 'pooler'],
  }),
  architectures: {
    classification: 'RobertaForSequenceClassification',
    choice: 'RobertaForMultipleChoice',
    languageModel: 'RobertaForMaskedLM',
  },
};
