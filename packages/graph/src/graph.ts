import type { KernelAttributes, KernelName } from './kernels/kernels.ts';
import type { ConstantData, ValueId, ValueInfo } from './values.ts';

/** A named end of the graph. */
export interface GraphPort {
  readonly name: string;
  readonly value: ValueId;
}

/** A value that is part of the graph. */
export interface GraphConstant {
  readonly value: ValueId;
  readonly data: ConstantData;
}

/** One kernel call, its attributes normalised (axes not negative, sizes spelled out). */
export interface NodeOf<K extends KernelName> {
  readonly kernel: K;
  readonly inputs: readonly ValueId[];
  readonly attributes: KernelAttributes[K];
  readonly outputs: readonly ValueId[];
}

/** A call of any kernel. */
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
