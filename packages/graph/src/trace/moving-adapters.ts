import * as tf from '@tensorflow/tfjs-core';
import type { ValueId } from '../graph.ts';
import { sizeOf } from '../graph.ts';
import type { Adapter, RecordedCall } from './adapter.ts';
import { attribute, axesOf, axisOf } from './adapter.ts';

function reshaped(call: RecordedCall, x: ValueId, shape: readonly number[]): ValueId {
  const given = call.info(x).shape;
  const same = given.length === shape.length && given.every((size, axis) => size === shape[axis]);
  return same ? x : call.builder.emit('Reshape', [x], { shape })[0]!;
}

export const reshape: Adapter = (call) => {
  const x = call.input('x');
  const shape = tf.util.inferFromImplicitShape(attribute<number[]>(call, 'shape'), sizeOf(call.info(x).shape));
  return [reshaped(call, x, shape)];
};

export const expandDims: Adapter = (call) => {
  const input = call.input('input');
  const { shape } = call.info(input);
  return [reshaped(call, input, shape.toSpliced(axisOf(call, 'dim', shape.length + 1), 0, 1))];
};

export const transpose: Adapter = (call) => {
  const x = call.input('x');
  const perm = attribute<number[]>(call, 'perm');
  return perm.every((axis, index) => axis === index) ? [x] : call.builder.emit('Transpose', [x], { perm });
};

export const concat: Adapter = (call) => {
  const inputs = call.list();
  return call.builder.emit('Concat', inputs, { axis: axisOf(call, 'axis', call.info(inputs[0]!).shape.length) });
};

/** Stacking is concatenation of inputs with one more axis. */
export const pack: Adapter = (call) => {
  const inputs = call.list();
  const { shape } = call.info(inputs[0]!);
  const axis = axisOf(call, 'axis', shape.length + 1);
  const expanded = inputs.map((input) => reshaped(call, input, shape.toSpliced(axis, 0, 1)));
  return expanded.length === 1 ? expanded : call.builder.emit('Concat', expanded, { axis });
};

/** Unstacking is a split into ones, with that axis removed. */
export const unpack: Adapter = (call) => {
  const value = call.input('value');
  const { shape } = call.info(value);
  const axis = axisOf(call, 'axis', shape.length);
  const sizes = Array<number>(shape[axis] ?? 0).fill(1);
  const parts = sizes.length === 1 ? [value] : call.builder.emit('SplitV', [value], { sizes, axis });
  return parts.map((part) => reshaped(call, part, shape.toSpliced(axis, 1)));
};

export const splitV: Adapter = (call) => {
  const x = call.input('x');
  const { shape } = call.info(x);
  const axis = axisOf(call, 'axis', shape.length);
  const splits = attribute<number | number[]>(call, 'numOrSizeSplits');
  const sizes = tf.backend_util.prepareSplitSize(
    { shape: [...shape] } as tf.Tensor,
    typeof splits === 'number' ? splits : [...splits],
    axis,
  );
  return sizes.length === 1 ? [x] : call.builder.emit('SplitV', [x], { sizes, axis });
};

export const slice: Adapter = (call) => {
  const x = call.input('x');
  const given = { shape: [...call.info(x).shape] } as tf.Tensor;
  const [begin = [], size = []] = tf.slice_util.parseSliceParams(
    given,
    attribute<number | number[]>(call, 'begin'),
    attribute<number | number[]>(call, 'size'),
  );
  tf.slice_util.assertParamsValid(given, begin, size);
  const whole = size.every((length, axis) => length === given.shape[axis]);
  return whole ? [x] : call.builder.emit('Slice', [x], { begin, size });
};

export const stridedSlice: Adapter = (call) => {
  const x = call.input('x');
  const masks = ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask', 'shrinkAxisMask'].map(
    (name) => attribute<number | undefined>(call, name) ?? 0,
  ) as [number, number, number, number, number];
  const info = tf.slice_util.sliceInfo(
    [...call.info(x).shape],
    attribute<number[]>(call, 'begin'),
    attribute<number[]>(call, 'end'),
    attribute<number[]>(call, 'strides'),
    ...masks,
  );
  const sliced = info.isIdentity
    ? x
    : call.builder.emit('StridedSlice', [x], {
        begin: info.begin,
        strides: info.strides,
        // An end before the beginning is an empty slice, of which TensorFlow.js counts less than nothing.
        size: tf.slice_util.computeOutShape(info.begin, info.end, info.strides).map((size) => Math.max(0, size)),
      })[0]!;
  return [reshaped(call, sliced, info.finalShape)];
};

export const padV2: Adapter = (call) =>
  call.builder.emit('PadV2', [call.input('x')], {
    paddings: attribute<[number, number][]>(call, 'paddings'),
    value: attribute<number>(call, 'constantValue'),
  });

/** Mirroring an axis gathers its elements in another order. "reflect" leaves out the element at the border. */
export const mirrorPad: Adapter = (call) => {
  const paddings = attribute<[number, number][]>(call, 'paddings');
  const border = attribute<'reflect' | 'symmetric'>(call, 'mode') === 'reflect' ? 1 : 0;
  const padAxis = (x: ValueId, [before, after]: [number, number], axis: number): ValueId => {
    const size = call.info(x).shape[axis]!;
    const order = [
      ...Array.from({ length: before }, (_, index) => before - 1 - index + border),
      ...Array.from({ length: size }, (_, index) => index),
      ...Array.from({ length: after }, (_, index) => size - 1 - index - border),
    ];
    const indices = { shape: [order.length], dtype: 'int32' } as const;
    return before + after === 0
      ? x
      : call.builder.emit('GatherV2', [x, call.builder.constant(indices, Int32Array.from(order))], {
          axis,
          batchDims: 0,
        })[0]!;
  };
  return [paddings.reduce(padAxis, call.input('x'))];
};

/** Repeating axes of length one is broadcasting. */
export const tile: Adapter = (call) => {
  const x = call.input('x');
  const reps = attribute<number[]>(call, 'reps');
  const { shape } = call.info(x);
  if (shape.every((size, axis) => size === 1 || reps[axis] === 1)) {
    const target = shape.map((size, axis) => size * (reps[axis] ?? 1));
    const isSame = target.every((size, axis) => size === shape[axis]);
    return isSame ? [x] : call.builder.emit('BroadcastTo', [x], { shape: target });
  }
  return call.builder.emit('Tile', [x], { reps });
};

export const reverse: Adapter = (call) => {
  const x = call.input('x');
  return call.builder.emit('Reverse', [x], { axes: axesOf(call, 'dims', call.info(x).shape) });
};
