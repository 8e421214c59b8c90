import type { DType } from './dtype.ts';
import type { KernelAttributes, KernelName } from './kernels.ts';

/** What is known of a value before it exists. */
export interface ValueInfo {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** A value's index in `Graph.values`. */
export type ValueId = number;

/** A named end of the graph. */
export interface GraphPort {
  readonly name: string;
  readonly value: ValueId;
}

export interface GraphConstant {
  readonly value: ValueId;
  /** Row-major; bool as bytes 0 and 1. */
  readonly data: ConstantData;
}

export type ConstantData = Float32Array | Int32Array | Uint8Array;

/** One kernel call, its attributes normalised (axes not negative, sizes spelled out). */
export interface NodeOf<K extends KernelName> {
  readonly kernel: K;
  readonly inputs: readonly ValueId[];
  readonly attributes: KernelAttributes[K];
  readonly outputs: readonly ValueId[];
}

export type GraphNode = { [K in KernelName]: NodeOf<K> }[KernelName];

/**
 * A recorded function as plain data. Nodes are in execution order: a value is produced before it is read,
 * and every value is produced once, by an input, a constant or a node.
 */
export interface Graph {
  readonly values: readonly ValueInfo[];
  readonly inputs: readonly GraphPort[];
  readonly constants: readonly GraphConstant[];
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly GraphPort[];
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
