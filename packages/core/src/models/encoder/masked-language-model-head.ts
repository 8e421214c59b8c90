import * as tf from '@tensorflow/tfjs-core';
import type { Initializer, LanguageModelCall, ParameterAlias, ParameterSpec } from '../../contracts/model.ts';
import { type ActivationName, activations } from '../layers/activations.ts';
import { linear } from '../layers/linear.ts';
import { layerNorm } from '../layers/norms.ts';
import { denseSpecs, normSpecs, type Place, parameter, tableSpec, vectorSpec } from '../layers/parameters.ts';
import type { Encoder } from './post-norm-layer.ts';

/** Module paths of the head, and whether its decoder is the word embeddings. */
export interface MaskedLanguageModelHead {
  readonly transform: string;
  readonly transformNorm: string;
  readonly activation: ActivationName;
  readonly epsilon: number;
  readonly decoder: string;
  /** Whether the decoder's matrix is that of the word embeddings, and no parameter of its own. */
  readonly isTied: boolean;
  /** The decoder's bias, which some families have beside the decoder. */
  readonly bias: string;
}

/** Linear layer to the width of the word embeddings, layer norm, and the decoder. */
export function maskedLanguageModelParameters(
  head: MaskedLanguageModelHead,
  { hiddenSize, embeddings }: Encoder,
  initializer: Initializer,
): ParameterSpec[] {
  const place: Place = { role: 'lm-head' };
  const { vocabSize, width } = embeddings;
  return [
    vectorSpec(head.bias, vocabSize, 'zeros', place),
    ...denseSpecs(head.transform, [width, hiddenSize], initializer, place),
    ...normSpecs(head.transformNorm, width, place),
    ...(head.isTied ? [] : [tableSpec(`${head.decoder}.weight`, [vocabSize, width], initializer, place)]),
  ];
}

/**
 * The decoder's own names for its matrix and its bias. A bias beside the decoder is the decoder's too while the two are
 * tied; in an untied head it is never read, and the decoder's is.
 */
export function maskedLanguageModelAliases(
  { decoder, isTied, bias }: MaskedLanguageModelHead,
  { embeddings }: Encoder,
): ParameterAlias[] {
  const own = { weight: `${decoder}.weight`, bias: `${decoder}.bias` };
  return [
    ...(isTied ? [{ alias: own.weight, name: `${embeddings.words}.weight`, isTied }] : []),
    ...(own.bias === bias ? [] : [{ alias: own.bias, name: bias, isTied }]),
  ];
}

/**
 * Masked-language-model logits: E · LN(f(W h + b)) + c, with E the word embeddings unless the decoder is untied.
 *
 * @param call.hidden  [rows, hiddenSize]
 * @returns            [rows, vocabSize], or [rows, ids] of the given tokens alone: then only their rows of E are read
 */
export function maskedLanguageModelLogits(
  head: MaskedLanguageModelHead,
  { embeddings }: Encoder,
  { hidden, parameters, ids }: LanguageModelCall,
): tf.Tensor2D {
  const transformed = layerNorm({
    name: head.transformNorm,
    input: activations[head.activation](linear({ name: head.transform, input: hidden, parameters })),
    epsilon: head.epsilon,
    parameters,
  });
  const read = <T extends tf.Tensor>(all: T): T =>
    ids === undefined ? all : tf.gather(all, tf.tensor1d([...ids], 'int32'));
  const weight = read(parameter<tf.Tensor2D>(parameters, `${head.isTied ? embeddings.words : head.decoder}.weight`));
  const bias = read(parameter<tf.Tensor1D>(parameters, head.bias));
  return tf.add(tf.matMul(transformed, weight, false, true), bias);
}
