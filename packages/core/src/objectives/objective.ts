import type * as tf from '@tensorflow/tfjs-core';
import type { Instance, InstanceKind, InstanceOutput } from '../contracts/instance.ts';
import type { ForwardContext, Hooks, ParameterRole, ParameterSpec } from '../contracts/model.ts';
import type { HostTensors, Tensors } from '../contracts/tensors.ts';

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

export interface ObjectiveCall {
  readonly parameters: Tensors;
  readonly batch: Tensors;
  readonly hooks: Hooks;
  readonly context: ForwardContext;
}
