import type * as tf from '@tensorflow/tfjs-core';
import type { ForwardCall, Model, ModelInputs } from '../contracts/model.ts';
import type { Tensors } from '../contracts/tensors.ts';
import { ShapeError } from '../errors.ts';
import type { ObjectiveCall } from './objective.ts';

/** A tensor of the batch that must be there. @throws ShapeError naming what is there instead */
export function named<T extends tf.Tensor = tf.Tensor>(batch: Tensors, name: string): T {
  const tensor = batch.get(name);
  if (tensor === undefined) {
    throw new ShapeError(`batch: expected a tensor "${name}", got ${[...batch.keys()].join(', ')}`);
  }
  return tensor as T;
}

/** The batch's entries that a model reads. */
export function modelInputs(batch: Tensors): ModelInputs {
  const virtualTokenIndex = batch.get('virtualTokenIndex') as tf.Tensor2D | undefined;
  const positions = batch.get('positions') as tf.Tensor2D | undefined;
  return {
    inputIds: named(batch, 'inputIds'),
    tokenTypeIds: named(batch, 'tokenTypeIds'),
    attentionMask: named(batch, 'attentionMask'),
    ...(virtualTokenIndex === undefined ? {} : { virtualTokenIndex }),
    ...(positions === undefined ? {} : { positions }),
  };
}

/** A forward pass over the batch of an objective. */
export function forwardCall({ parameters, batch, hooks, context }: ObjectiveCall): ForwardCall {
  return { parameters, inputs: modelInputs(batch), hooks, context };
}

/**
 * Vocabulary logits at the masks alone: neither the last layer nor the head computes other positions. The batch's
 * maskPositions are [sequences, slots], each row · length + position.
 *
 * @param ids  token ids whose logits are wanted; the whole vocabulary when absent
 * @returns    [sequences · slots, vocabSize or ids]
 */
export function maskLogits(model: Model, call: ObjectiveCall, ids?: readonly number[]): tf.Tensor2D {
  const rows = named<tf.Tensor2D>(call.batch, 'maskPositions');
  const hidden = model.encodeRows({ ...forwardCall(call), rows });
  return model.languageModelLogits({ hidden, parameters: call.parameters, ...(ids === undefined ? {} : { ids }) });
}
