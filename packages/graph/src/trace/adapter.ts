import * as tf from '@tensorflow/tfjs-core';
import type { ValueId, ValueInfo } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';

/** A kernel call as TensorFlow.js makes it: named inputs, attributes not yet normalised. */
export interface RecordedCall {
  readonly builder: GraphBuilder;
  /** The named input. @throws TraceError when it is missing */
  readonly input: (name: string) => ValueId;
  /** Whether an optional input was given. */
  readonly has: (name: string) => boolean;
  /** Inputs of kernels that take a list. */
  readonly list: () => readonly ValueId[];
  readonly info: (value: ValueId) => ValueInfo;
  readonly attributes: tf.NamedAttrMap;
}

/** Turns such a call into nodes of the graph; returns the call's outputs. */
export type Adapter = (call: RecordedCall) => readonly ValueId[];

/** Attributes arrive untyped from TensorFlow.js; each adapter knows what its op puts there. */
export function attribute<T>(call: RecordedCall, name: string): T {
  return call.attributes[name] as T;
}

/** Axes of an attribute (a number, a list, or all when absent), none negative, ascending. */
export function axesOf(call: RecordedCall, name: string, shape: readonly number[]): number[] {
  const axis = attribute<number | number[] | undefined>(call, name);
  return tf.util.parseAxisParam(axis as number | number[], [...shape]).sort((a, b) => a - b);
}

/** One axis, not negative; 0 when absent. */
export function axisOf(call: RecordedCall, name: string, rank: number): number {
  const axis = attribute<number | undefined>(call, name) ?? 0;
  return axis < 0 ? axis + rank : axis;
}
