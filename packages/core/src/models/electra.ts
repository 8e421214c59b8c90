import { ConfigError } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type {
  Initializer,
  LanguageModelCall,
  Model,
  ParameterSpec,
  SequenceHead,
  SequenceHeadKind,
} from '../contracts/model.ts';
import { activation, parseConfig, rate, size } from './config-schema.ts';
import { bertConfigFields, bertEncoder, classifierDropout, encoderSizes } from './encoder/bert-encoder.ts';
import { type BackboneParts, encodeFirst, encoderBackbone, maskedLanguageModel } from './encoder/encoder-model.ts';
import type { Encoder } from './encoder/post-norm-layer.ts';
import { activations } from './layers/activations.ts';
import { linear } from './layers/linear.ts';
import { denseSpecs } from './layers/parameters.ts';
import { denseHead } from './layers/sequence-head.ts';
import { canonicalNames, type ModelFamily } from './model-family.ts';

/**
 * Hugging Face's `config.json` of an ELECTRA, under its own names; defaults are theirs. Keys that are not listed are
 * kept, so that a directory can be written back as it was read.
 */
const electraConfigSchema = z.looseObject({
  model_type: z.literal('electra'),
  ...bertConfigFields,
  embedding_size: size.default(128),
  /** Tells a generator, "ElectraForMaskedLM", from a discriminator. */
  architectures: z.array(z.string()).nullish(),
  summary_type: z.literal('first').default('first'),
  summary_use_proj: z.literal(true).default(true),
  summary_activation: activation.default('gelu'),
  summary_last_dropout: rate.default(0.1),
});

/** A checked configuration; see `electraConfigSchema`. */
type ElectraConfig = z.infer<typeof electraConfigSchema>;

/** Checks and completes a configuration. @throws ConfigError listing every problem */
function parseElectraConfig(value: unknown, where = 'ELECTRA configuration'): ElectraConfig {
  const names = { where, family: 'ELECTRA', hidden: 'hidden_size', heads: 'num_attention_heads' };
  return parseConfig(electraConfigSchema, value, names);
}

const dense = 'discriminator_predictions.dense';
const prediction = 'discriminator_predictions.dense_prediction';

/** The two linear layers of the head that tells replaced tokens: [hidden, hidden], then [1, hidden], with biases. */
function discriminatorParameters({ hidden_size: hidden }: ElectraConfig, normal: Initializer): ParameterSpec[] {
  const place = { role: 'lm-head' } as const;
  return [...denseSpecs(dense, [hidden, hidden], normal, place), ...denseSpecs(prediction, [1, hidden], normal, place)];
}

/**
 * Logit that a token is not the text's own, v · f(W h + b) + c with f the layers' activation.
 * Clark et al. 2020, "ELECTRA", section 2, as in the authors' code.
 *
 * @param call.hidden  [rows, hiddenSize]
 * @returns            [rows]
 */
function replacedTokenLogits(
  config: ElectraConfig,
  { hidden, parameters }: Omit<LanguageModelCall, 'ids'>,
): tf.Tensor1D {
  const inner = activations[config.hidden_act](linear({ name: dense, input: hidden, parameters }));
  return tf.reshape(linear({ name: prediction, input: inner, parameters }), [-1]);
}

/**
 * An ELECTRA encoder, BERT's layers over embeddings that may be narrower, with the head of the part it played:
 * a generator predicts masked tokens, a discriminator which tokens were replaced. Clark et al. 2020, "ELECTRA".
 *
 * `architectures` tells which: "ElectraForMaskedLM" is a generator, anything else a discriminator, as published ones
 * are meant to be fine-tuned.
 */
function createElectra(config: ElectraConfig): Model {
  const { embedding_size: width, hidden_size: hiddenSize } = config;
  const projection = width === hiddenSize ? {} : { projection: 'electra.embeddings_project' };
  const encoder = bertEncoder('electra', config, { width, ...projection });
  const parts: BackboneParts = {
    family: 'electra',
    encoder,
    sizes: encoderSizes(config),
    sequenceHead: (kind, numOutputs) => sequenceHead({ config, encoder, kind, numOutputs }),
  };
  return config.architectures?.includes('ElectraForMaskedLM') ? generator(config, parts) : discriminator(config, parts);
}

function generator(config: ElectraConfig, parts: BackboneParts): Model {
  return maskedLanguageModel(parts, {
    transform: 'generator_predictions.dense',
    transformNorm: 'generator_predictions.LayerNorm',
    // Fixed in the reference implementation, whatever the layers have.
    activation: 'gelu',
    epsilon: config.layer_norm_eps,
    decoder: 'generator_lm_head',
    isTied: config.tie_word_embeddings,
    bias: 'generator_lm_head.bias',
  });
}

function discriminator(config: ElectraConfig, parts: BackboneParts): Model {
  const backbone = encoderBackbone(parts);
  return {
    ...backbone,
    languageModel: 'replaced-token',
    parameters: [...backbone.parameters, ...discriminatorParameters(config, parts.sizes.initializer)],
    languageModelLogits() {
      throw new ConfigError(
        'electra: a discriminator tells replaced tokens and has no vocabulary logits; give a task a classification ' +
          'head, or take a generator, whose config.json says ElectraForMaskedLM in architectures',
      );
    },
    replacedTokenLogits: (call) => replacedTokenLogits(config, call),
  };
}

/** Both read the first token through a dense layer and an activation of their own; there is no pooler. */
function sequenceHead(of: {
  readonly config: ElectraConfig;
  readonly encoder: Encoder;
  readonly kind: SequenceHeadKind;
  readonly numOutputs: number;
}): SequenceHead {
  const { config, encoder, kind, numOutputs } = of;
  const shared = {
    numOutputs,
    hiddenSize: encoder.hiddenSize,
    numLayers: encoder.layers.length,
    first: (call: Parameters<SequenceHead['logits']>[0]) => encodeFirst(encoder, call),
  };
  if (kind === 'choice') {
    return denseHead({
      ...shared,
      dense: 'sequence_summary.summary',
      output: 'classifier',
      activation: config.summary_activation,
      dropout: { output: config.summary_last_dropout },
    });
  }
  const rate = classifierDropout(config);
  return denseHead({
    ...shared,
    dense: 'classifier.dense',
    output: 'classifier.out_proj',
    activation: 'gelu',
    dropout: { dense: rate, output: rate },
  });
}

/** ELECTRA as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const electraFamily: ModelFamily = {
  modelType: 'electra',
  create(value, where) {
    const config = parseElectraConfig(value, where);
    return { model: createElectra(config), config };
  },
  canonicalName: canonicalNames({
    prefix: 'electra',
    backbone: ['embeddings', 'embeddings_project', 'encoder'],
  }),
  architectures: {
    classification: 'ElectraForSequenceClassification',
    choice: 'ElectraForMultipleChoice',
    languageModel: 'ElectraForMaskedLM',
  },
};
