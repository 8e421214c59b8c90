import { type HostTensors, ShapeError, type Tensors } from '@attune/base';
import type {
  ForwardCall,
  ForwardContext,
  Hooks,
  Instance,
  InstanceKind,
  InstanceOutput,
  Model,
  ModelInputs,
  ParameterRole,
  ParameterSpec,
} from '@attune/core';
import type { Tokenizer } from '@attune/tokenizer';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * What one kind of instance asks of a model: how instances become a batch, which loss is minimised and which
 * numbers are read. A pure description; the training and evaluation steps run it.
 */
export interface Objective {
  readonly kind: InstanceKind;
  /** Parameters of a new head (role 'classifier'); none for kinds that read the language model's own head. */
  readonly parameters: readonly ParameterSpec[];
  /** Backbone roles this objective never reads; their parameters are no part of the model being tuned. */
  readonly unusedRoles: readonly ParameterRole[];
  /** Instances as one batch of fixed shapes. @throws ShapeError, DatasetError */
  collate(instances: readonly Instance[], shape: BatchShape): HostTensors;
  /** Mean loss over the examples (or masks) whose weight is not 0: a scalar. */
  loss(call: ObjectiveCall): tf.Scalar;
  /** The few numbers `read` needs. */
  outputs(call: ObjectiveCall): Tensors;
  /** One output for each instance, in order; rows that only fill the batch are dropped. */
  read(outputs: HostTensors, instances: readonly Instance[]): InstanceOutput[];
}

/** What fills sequences up, and where. It is masked, so neither changes a result but for rounding. */
export interface Padding {
  /** 0 where a call leaves it out. */
  readonly padId: number;
  /** 'right' when absent. */
  readonly paddingSide?: 'left' | 'right' | undefined;
}

/** To what a batch is padded, so that few shapes are ever compiled. */
export interface BatchShape extends Padding {
  readonly length: number;
  readonly batchSize: number;
  readonly numVirtualTokens: number;
  /** Labels and weights are there only for training, so that an evaluation step has no unused inputs. */
  readonly purpose: 'train' | 'evaluate';
}

/**
 * What a loss or predictions are computed from: the parameters, a batch, a method's hooks, and whether dropout acts.
 */
export interface ObjectiveCall {
  readonly parameters: Tensors;
  readonly batch: Tensors;
  readonly hooks: Hooks;
  readonly context: ForwardContext;
}

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

/** How sequences of a tokenizer are filled up: with its own token, on its own side. */
export function paddingOf({ specialIds, paddingSide }: Pick<Tokenizer, 'specialIds' | 'paddingSide'>): Padding {
  return { padId: specialIds.pad, paddingSide };
}

/**
 * The number of slots compiled for so many masks or candidates: the next of 1, 2, 3, 4, 6, 8, 12, 16, 24, … so that
 * batches with slightly different numbers share a shape and at most a third of the slots is empty.
 */
export function slotCapacity(count: number): number {
  let power = 1;
  while (power < count) power *= 2;
  const between = (power * 3) / 4;
  return power > 2 && between >= count ? between : power;
}
