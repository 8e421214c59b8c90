import { sizeOf } from '@attune/base';
import type { KernelAttributes, KernelName, Size, Symbolic, SymbolicValueInfo, ValueInfo } from '@attune/graph';
import { arrayOf, type ModelBuilder } from '../model-builder.ts';
import { type ElementType, elementTypes } from '../onnx-schema.ts';

/** One node of the graph on its way to ONNX. */
export interface LoweringCall<K extends KernelName> {
  readonly builder: ModelBuilder;
  /** Names of the inputs in the model, and what they are. */
  readonly inputs: readonly string[];
  readonly infos: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly attributes: KernelAttributes[K];
}

/** Adds the ONNX nodes of a kernel; returns the names of its outputs. */
export type LoweringRule<K extends KernelName> = (call: LoweringCall<K>) => readonly string[];

/** Sizes as values of the model: int64 [1], and int64 [n]. */
export interface SizeTensors {
  one(size: Size): string;
  list(sizes: readonly Size[]): string;
}

/** One node of a graph with open sizes on its way to ONNX; see `LoweringCall`. */
interface OpenCall<K extends KernelName> {
  readonly builder: ModelBuilder;
  readonly sizes: SizeTensors;
  readonly inputs: readonly string[];
  readonly infos: readonly SymbolicValueInfo[];
  readonly attributes: Symbolic<KernelAttributes[K]>;
}

/** As `LoweringRule`, for every value of the sizes and in standard operators alone. */
export type OpenRule<K extends KernelName> = (call: OpenCall<K>) => readonly string[];

/** Input i: its name. */
export function name(call: { readonly inputs: readonly string[] }, index = 0): string {
  return call.inputs[index]!;
}

/** Input i: its shape and dtype. */
export function info(call: { readonly infos: readonly ValueInfo[] }, index = 0): ValueInfo {
  return call.infos[index]!;
}

/** Conversion to another element type. */
export function castTo(builder: ModelBuilder, value: string, type: ElementType): string {
  return builder.node('Cast', [value], { attributes: { to: elementTypes[type] } });
}

/** A tensor of zeros. */
export function zeros(builder: ModelBuilder, shape: readonly number[], dtype: 'float32' | 'int32' | 'bool'): string {
  if (sizeOf(shape) === 1) {
    return builder.tensor({ type: dtype, shape, data: arrayOf(dtype, [0]) });
  }
  return builder.node('Expand', [builder.scalar(0, dtype), builder.ints(shape)]);
}
