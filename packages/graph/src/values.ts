/** Types of values inside a graph. At an engine's border there are only float32 and int32. */
export type DType = 'float32' | 'int32' | 'bool';

/** What is known of a value before it exists. */
export interface ValueInfo {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** A value's index in `Graph.values`. */
export type ValueId = number;

/** The content of a value, row-major; bool as bytes 0 and 1. */
export type ConstantData = Float32Array | Int32Array | Uint8Array;

/** A value of a graph with its content. */
export interface HostValue extends ValueInfo {
  readonly data: ConstantData;
}

/** Whether two shapes are equal, axis by axis. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
