import type { Model, SequenceHead, SequenceHeadKind } from '../../contracts/model.ts';
import { ConfigError } from '../../errors.ts';
import { classifierDropout } from '../encoder/bert-config.ts';
import { bertEncoder, encoderSizes } from '../encoder/bert-encoder.ts';
import { type Encoder, encodeFirst } from '../encoder/encoder.ts';
import { type BackboneParts, encoderBackbone, maskedLanguageModel } from '../encoder/encoder-model.ts';
import { denseHead } from '../layers/sequence-head.ts';
import type { ElectraConfig } from './config.ts';
import { discriminatorParameters, replacedTokenLogits } from './discriminator-head.ts';

/**
 * An ELECTRA encoder, BERT's layers over embeddings that may be narrower, with the head of the part it played:
 * a generator predicts masked tokens, a discriminator which tokens were replaced. Clark et al. 2020, "ELECTRA".
 *
 * `architectures` tells which: "ElectraForMaskedLM" is a generator, anything else a discriminator, as published ones
 * are meant to be fine-tuned.
 */
export function createElectra(config: ElectraConfig): Model {
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
    ...(config.tie_word_embeddings ? {} : { decoder: 'generator_lm_head' }),
    decoderBias: 'generator_lm_head.bias',
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
