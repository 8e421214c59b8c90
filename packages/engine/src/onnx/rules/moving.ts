import { arrayOf } from '../model-builder.ts';
import type { LoweringRule } from './lowering-rule.ts';
import { info, name } from './lowering-rule.ts';

const INT64_MAX = Number.MAX_SAFE_INTEGER;

export const reshape: LoweringRule<'Reshape'> = (call) => [
  call.builder.node('Reshape', [name(call), call.builder.ints(call.attributes.shape)], {
    // A zero in a shape means an empty axis, not "copy the input's".
    attributes: { allowzero: 1 },
  }),
];

export const broadcastTo: LoweringRule<'BroadcastTo'> = (call) => [
  call.builder.node('Expand', [name(call), call.builder.ints(call.attributes.shape)]),
];

export const transpose: LoweringRule<'Transpose'> = ({ builder, inputs, attributes }) => [
  builder.node('Transpose', inputs, { attributes: { perm: attributes.perm } }),
];

export const concat: LoweringRule<'Concat'> = ({ builder, inputs, attributes }) => [
  builder.node('Concat', inputs, { attributes: { axis: attributes.axis } }),
];

export const splitV: LoweringRule<'SplitV'> = (call) => {
  const { builder, attributes } = call;
  const outputs = attributes.sizes.map(() => builder.newName());
  const options = { attributes: { axis: attributes.axis }, outputs };
  builder.node('Split', [name(call), builder.ints(attributes.sizes)], options);
  return outputs;
};

export const slice: LoweringRule<'Slice'> = (call) => {
  const { builder, attributes } = call;
  const axes = attributes.begin
    .map((_, axis) => axis)
    .filter((axis) => attributes.size[axis] !== info(call).shape[axis]);
  const begin = axes.map((axis) => attributes.begin[axis]!);
  const end = axes.map((axis) => attributes.begin[axis]! + attributes.size[axis]!);
  return [builder.node('Slice', [name(call), builder.ints(begin), builder.ints(end), builder.ints(axes)])];
};

/** `size` elements of each axis from `begin` in steps that may be negative. */
export const stridedSlice: LoweringRule<'StridedSlice'> = (call) => {
  const { builder } = call;
  const { begin, strides, size } = call.attributes;
  const axes = begin.map((_, axis) => axis);
  const end = axes.map((axis) => {
    const stop = begin[axis]! + strides[axis]! * size[axis]!;
    // One before the first element would be read as "the last one".
    return stop < 0 ? -INT64_MAX : stop;
  });
  const lists = [begin, end, axes, strides].map((list) => builder.ints(list));
  return [builder.node('Slice', [name(call), ...lists])];
};

export const reverse: LoweringRule<'Reverse'> = (call) => {
  const { builder, attributes } = call;
  const each = (value: number): string => builder.ints(attributes.axes.map(() => value));
  return [builder.node('Slice', [name(call), each(-1), each(-INT64_MAX), builder.ints(attributes.axes), each(-1)])];
};

export const padV2: LoweringRule<'PadV2'> = (call) => {
  const { builder, attributes } = call;
  const pads = [0, 1].flatMap((side) => attributes.paddings.map((padding) => padding[side]!));
  return [builder.node('Pad', [name(call), builder.ints(pads), builder.scalar(attributes.value, info(call).dtype)])];
};

export const tile: LoweringRule<'Tile'> = (call) => [
  call.builder.node('Tile', [name(call), call.builder.ints(call.attributes.reps)]),
];

/** A scalar where it broadcasts by itself would do, but consumers may need the shape. */
export const fill: LoweringRule<'Fill'> = ({ builder, attributes }) => {
  const { shape, value, dtype } = attributes;
  if (shape.length === 0) {
    return [builder.scalar(value, dtype)];
  }
  const one = builder.tensor({ type: dtype, shape: [], data: arrayOf(dtype, [value]) });
  return [builder.node('Expand', [one, builder.ints(shape)])];
};
