import { z } from 'zod';
import type { Model } from '../contracts/model.ts';
import { parseConfig } from './config-schema.ts';
import { bertConfigFields, bertEncoder, classifierDropout, encoderSizes } from './encoder/bert-encoder.ts';
import { maskedLanguageModel, poolerHead } from './encoder/encoder-model.ts';
import { canonicalNames, type ModelFamily } from './model-family.ts';

/**
 * Hugging Face's `config.json` of a BERT, under its own names; defaults are theirs. Keys that are not listed are
 * kept, so that a directory can be written back as it was read.
 */
const bertConfigSchema = z.looseObject({ model_type: z.literal('bert'), ...bertConfigFields });

/** A checked configuration; see `bertConfigSchema`. */
export type BertConfig = z.infer<typeof bertConfigSchema>;

/**
 * Checks and completes a configuration.
 *
 * @param where  named in messages, e.g. the path of config.json
 * @throws ConfigError listing every problem
 */
export function parseBertConfig(value: unknown, where = 'BERT configuration'): BertConfig {
  const names = { where, family: 'BERT', hidden: 'hidden_size', heads: 'num_attention_heads' };
  return parseConfig(bertConfigSchema, value, names);
}

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
      decoder: 'cls.predictions.decoder',
      isTied: config.tie_word_embeddings,
      bias: 'cls.predictions.bias',
    },
  );
}

/** BERT as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const bertFamily: ModelFamily = {
  modelType: 'bert',
  create(value, where) {
    const config = parseBertConfig(value, where);
    return { model: createBert(config), config };
  },
  canonicalName: canonicalNames({
    prefix: 'bert',
    backbone: ['embeddings', 'encoder', 'pooler'],
  }),
  architectures: {
    classification: 'BertForSequenceClassification',
    choice: 'BertForMultipleChoice',
    languageModel: 'BertForMaskedLM',
  },
};
