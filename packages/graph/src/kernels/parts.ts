import { sizeOf } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import type { ValueInfo } from '../values.ts';
import type { Kernel, KernelCall, None, RunKernel, SeparableCall, TracedCall } from './kernel.ts';

/** Input i of a call. @throws RangeError when the kernel was recorded with too few inputs (a bug here). */
export function inputAt(inputs: readonly ValueInfo[], index: number): ValueInfo {
  const info = inputs[index];
  if (info === undefined) {
    throw new RangeError(`kernel rule: expected an input ${index}, got ${inputs.length} inputs`);
  }
  return info;
}

// Shapes and operations.

/** The first input's shape and dtype. */
export const likeFirst = ({ inputs }: Pick<KernelCall<object>, 'inputs'>): readonly ValueInfo[] => [inputAt(inputs, 0)];

/** The shape that both broadcast to. @throws Error when they do not */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  return tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
}

/** Nothing is computed. */
export const noFlops = (): number => 0;

/** Elements of the first input. */
export function inputElements({ inputs }: Pick<KernelCall<object>, 'inputs'>): number {
  return sizeOf(inputAt(inputs, 0).shape);
}

// Attributes, as the rest of the package relies on them: what is wrong with them, or nothing.

/** There are none, or any will do. */
export const anything = (): undefined => undefined;

/** The complaint, unless it holds. */
export const must = (holds: boolean, what: string): string | undefined => (holds ? undefined : what);
/** A whole number, 0 or more. */
export const isCount = (x: number): boolean => Number.isInteger(x) && x >= 0;
/** A list of this length whose elements all fit. */
export const isList = (list: readonly number[], length: number, fits: (x: number, index: number) => boolean): boolean =>
  list.length === length && list.every(fits);

/** `axis` is one of the first input's axes. */
export const checkAxis = ({ inputs, attributes }: KernelCall<{ readonly axis: number }>): string | undefined => {
  const rank = inputAt(inputs, 0).shape.length;
  return must(isCount(attributes.axis) && attributes.axis < rank, `axis must be from 0 to ${rank - 1}`);
};

/** `axes` are axes of the first input, ascending. */
export const checkAxes = ({ inputs, attributes }: KernelCall<{ readonly axes: readonly number[] }>) => {
  const rank = inputAt(inputs, 0).shape.length;
  const given = attributes.axes;
  const ascending = given.every((x, index) => isCount(x) && x < rank && (index === 0 || x > given[index - 1]!));
  return must(ascending, `axes must be ascending, from 0 to ${rank - 1}`);
};

/** `shape` has no -1 in it. */
export const checkShape = ({ attributes }: KernelCall<{ readonly shape: readonly number[] }>): string | undefined =>
  must(attributes.shape.every(isCount), 'shape must be spelled out');

// Recording.

/** Attributes arrive untyped from TensorFlow.js; each adapter knows what its op puts there. */
export function attribute<T>(call: TracedCall, name: string): T {
  return call.attributes[name] as T;
}

/** Axes of an attribute (a number, a list, or all when absent), none negative, ascending. */
export function axesOf(call: TracedCall, name: string, shape: readonly number[]): number[] {
  const axis = attribute<number | number[] | undefined>(call, name);
  return tf.util.parseAxisParam(axis as number | number[], [...shape]).sort((a, b) => a - b);
}

/** One axis, not negative; 0 when absent. */
export function axisOf(call: TracedCall, name: string, rank: number): number {
  const axis = attribute<number | undefined>(call, name) ?? 0;
  return axis < 0 ? axis + rank : axis;
}

/** The kernel as it is, with the inputs in this order. */
export function plain(...names: readonly string[]): NonNullable<Kernel<None>['trace']> {
  return (call) => call.emit(names.map(call.input), {});
}

// Computing.

/** The kernel of the same name with its inputs by these names and its attributes as they are. */
export function named(...names: readonly string[]): Kernel<object>['evaluate'] {
  return ({ inputs, attributes, runOwn }) =>
    runOwn(Object.fromEntries(names.map((name, index) => [name, inputs[index]!])), attributes);
}

/** The kernel of the same name over a list of inputs. */
export const listed: Kernel<object>['evaluate'] = ({ inputs, attributes, runOwn }) => runOwn(inputs, attributes);

/** x repeated to a shape that it broadcasts to. */
export function repeat(run: RunKernel, x: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
  if (x.shape.length === shape.length && x.shape.every((size, axis) => size === shape[axis])) {
    return x;
  }
  const aligned = [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
  const [reshaped] = run('Reshape', { x }, { shape: aligned });
  const reps = shape.map((size, axis) => (aligned[axis] === size ? 1 : size));
  return run('Tile', { x: reshaped! }, { reps })[0]!;
}

// Separability, see `Dependence`.

/** Not separable, or not known to be. */
export const never = (): boolean => false;

/** Examples lie along the first axis, whole ones only. */
export function holdsExamples({ shape, numExamples }: Pick<SeparableCall<object>, 'shape' | 'numExamples'>): boolean {
  return (shape[0] ?? 0) >= numExamples && shape[0]! % numExamples === 0;
}

/** Each element of the output reads the elements at its own place along the first axis. */
export function aligned(call: SeparableCall<object>): boolean {
  if (!holdsExamples(call)) return false;
  return call.inputs.every(({ shape: given }, index) => {
    const alongFirst = given.length === call.shape.length && given[0] === call.shape[0];
    // What does not change along the first axis is the same for all examples.
    return call.dependences[index] === 'example' ? alongFirst : given.length < call.shape.length || given[0] === 1;
  });
}
