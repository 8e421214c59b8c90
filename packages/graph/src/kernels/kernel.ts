import type * as tf from '@tensorflow/tfjs-core';
import type { ValueId, ValueInfo } from '../values.ts';

/** The attributes of a kernel that has none. */
export type None = Readonly<Record<never, never>>;

/** Inputs and attributes of one kernel call. */
export interface KernelCall<A extends object> {
  readonly inputs: readonly ValueInfo[];
  readonly attributes: A;
}

/** A kernel call as TensorFlow.js makes it: named inputs, attributes not yet normalised. */
export interface TracedCall {
  /** TensorFlow.js's name of the kernel. */
  readonly kernel: string;
  /** The named input. @throws TraceError when it is missing */
  readonly input: (name: string) => ValueId;
  /** Whether an optional input was given. */
  readonly has: (name: string) => boolean;
  /** Inputs of kernels that take a list. */
  readonly list: () => readonly ValueId[];
  readonly info: (value: ValueId) => ValueInfo;
  /** Untyped, see `attribute`. */
  readonly attributes: tf.NamedAttrMap;
}

/** Such a call, and the ways to record it. */
interface RecordedCall<A extends object> extends TracedCall {
  /** Records this kernel; returns its outputs. */
  readonly emit: (inputs: readonly ValueId[], attributes: A) => readonly ValueId[];
  /** Records a value in another shape; the value itself where it has that shape. */
  readonly toShape: (kernel: 'Reshape' | 'BroadcastTo', x: ValueId, shape: readonly number[]) => ValueId;
}

/** Runs a kernel of TensorFlow.js on its cpu backend; intermediate results are freed with the node. */
export type RunKernel = (
  kernel: string,
  inputs: Readonly<Record<string, tf.TensorInfo>> | readonly tf.TensorInfo[],
  attributes?: object,
) => readonly tf.TensorInfo[];

/** One node about to be computed. */
interface EvaluationCall<A extends object> {
  readonly inputs: readonly tf.TensorInfo[];
  readonly attributes: A;
  readonly outputs: readonly ValueInfo[];
  readonly run: RunKernel;
  /** `run` of TensorFlow.js's kernel with this kernel's name. */
  readonly runOwn: (
    inputs: Readonly<Record<string, tf.TensorInfo>> | readonly tf.TensorInfo[],
    attributes?: object,
  ) => readonly tf.TensorInfo[];
}

/**
 * What a value depends on. 'fixed': frozen parameters and constants alone. 'example': also the batch, but separably:
 * cut into as many equal blocks as there are examples, in row-major order, block e depends on example e alone.
 * 'other': anything else.
 */
export type Dependence = 'fixed' | 'example' | 'other';

/** One node with what is known of its inputs: at least one is 'example' and none is 'other'. */
export interface SeparableCall<A extends object> extends KernelCall<A> {
  readonly dependences: readonly Dependence[];
  /** Shape of the first output. */
  readonly shape: readonly number[];
  readonly numExamples: number;
}

/** Everything there is to know of a kernel with attributes A, but for its lowering, which is the engine's. */
export interface Kernel<A extends object> {
  /** Shapes and dtypes of the outputs. */
  readonly infer: (call: KernelCall<A>) => readonly ValueInfo[];
  /** Floating-point operations; a multiply-add counts as two, moving data as none. */
  readonly flops: (call: KernelCall<A>, outputs: readonly ValueInfo[]) => number;
  /** What is wrong with a call's attributes, or nothing. */
  readonly check: (call: KernelCall<A>) => string | undefined;
  /**
   * How TensorFlow.js's kernel of the same name is recorded: its outputs as values of the graph. Undefined for a
   * kernel that TensorFlow.js does not call by this name; only passes and other kernels put it into a graph.
   */
  readonly trace: ((call: RecordedCall<A>) => readonly ValueId[]) | undefined;
  /** TensorFlow.js gives a list even where it has one element. */
  readonly givesList?: true;
  /** The inverse: a node as the kernel calls of TensorFlow.js that compute it. */
  readonly evaluate: (call: EvaluationCall<A>) => readonly tf.TensorInfo[];
  /** Whether the outputs are separable, see `Dependence`. Saying no costs speed and no correctness. */
  readonly separable: (call: SeparableCall<A>) => boolean;
  /** Each element of the output comes from the inputs' elements at its place, so it may be written over one of them. */
  readonly elementwise?: true;
  /** The result is the first input's memory under another shape: nothing is read or written. */
  readonly view?: true;
  /** No more is read of the first input than is written. */
  readonly readsPart?: true;
}
