import { isFixed, type Size } from '@attune/graph';
import { arrayOf } from '../model-builder.ts';
import { castTo, info, type LoweringRule, name, type OpenRule } from './lowering-rule.ts';

const INT64_MAX = Number.MAX_SAFE_INTEGER;

const reshape: LoweringRule<'Reshape'> = (call) => [
  call.builder.node('Reshape', [name(call), call.builder.ints(call.attributes.shape)], {
    // A zero in a shape means an empty axis, not "copy the input's".
    attributes: { allowzero: 1 },
  }),
];

const broadcastTo: LoweringRule<'BroadcastTo'> = (call) => [
  call.builder.node('Expand', [name(call), call.builder.ints(call.attributes.shape)]),
];

const transpose: LoweringRule<'Transpose'> = ({ builder, inputs, attributes }) => [
  builder.node('Transpose', inputs, { attributes: { perm: attributes.perm } }),
];

const concat: LoweringRule<'Concat'> = ({ builder, inputs, attributes }) => [
  builder.node('Concat', inputs, { attributes: { axis: attributes.axis } }),
];

const splitV: LoweringRule<'SplitV'> = (call) => {
  const { builder, attributes } = call;
  const outputs = attributes.sizes.map(() => builder.newName());
  const options = { attributes: { axis: attributes.axis }, outputs };
  builder.node('Split', [name(call), builder.ints(attributes.sizes)], options);
  return outputs;
};

const slice: LoweringRule<'Slice'> = (call) => {
  const { builder, attributes } = call;
  const axes = attributes.begin
    .map((_, axis) => axis)
    .filter((axis) => attributes.size[axis] !== info(call).shape[axis]);
  const begin = axes.map((axis) => attributes.begin[axis]!);
  const end = axes.map((axis) => attributes.begin[axis]! + attributes.size[axis]!);
  return [builder.node('Slice', [name(call), builder.ints(begin), builder.ints(end), builder.ints(axes)])];
};

/** `size` elements of each axis from `begin` in steps that may be negative. */
const stridedSlice: LoweringRule<'StridedSlice'> = (call) => {
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

const reverse: LoweringRule<'Reverse'> = (call) => {
  const { builder, attributes } = call;
  const each = (value: number): string => builder.ints(attributes.axes.map(() => value));
  return [builder.node('Slice', [name(call), each(-1), each(-INT64_MAX), builder.ints(attributes.axes), each(-1)])];
};

const padV2: LoweringRule<'PadV2'> = (call) => {
  const { builder, attributes } = call;
  const pads = [0, 1].flatMap((side) => attributes.paddings.map((padding) => padding[side]!));
  return [builder.node('Pad', [name(call), builder.ints(pads), builder.scalar(attributes.value, info(call).dtype)])];
};

const tile: LoweringRule<'Tile'> = (call) => [
  call.builder.node('Tile', [name(call), call.builder.ints(call.attributes.reps)]),
];

/** A scalar where it broadcasts by itself would do, but consumers may need the shape. */
const fill: LoweringRule<'Fill'> = ({ builder, attributes }) => {
  const { shape, value, dtype } = attributes;
  if (shape.length === 0) {
    return [builder.scalar(value, dtype)];
  }
  const one = builder.tensor({ type: dtype, shape: [], data: arrayOf(dtype, [value]) });
  return [builder.node('Expand', [one, builder.ints(shape)])];
};

/** A target with at most one open size says "whatever is left" there; with more it is computed. */
const openReshape: OpenRule<'Reshape'> = ({ builder, sizes, inputs, attributes: { shape } }) => {
  const isImplied = shape.filter((size) => !isFixed(size)).length === 1 && !shape.includes(0);
  const target = isImplied ? builder.ints(shape.map((size) => (isFixed(size) ? size : -1))) : sizes.list(shape);
  return [builder.node('Reshape', [inputs[0]!, target], { attributes: { allowzero: 1 } })];
};

const openBroadcastTo: OpenRule<'BroadcastTo'> = ({ builder, sizes, inputs, attributes }) => [
  builder.node('Expand', [inputs[0]!, sizes.list(attributes.shape)]),
];

/** Value and shape may both follow from the sizes. */
const openFill: OpenRule<'Fill'> = ({ builder, sizes, attributes: { shape, value, dtype } }) => {
  const one = isFixed(value)
    ? builder.tensor({ type: dtype, shape: [1], data: arrayOf(dtype, [value]) })
    : castTo(builder, sizes.one(value), dtype);
  return [
    builder.node(shape.length === 0 ? 'Squeeze' : 'Expand', shape.length === 0 ? [one] : [one, sizes.list(shape)]),
  ];
};

/** Axes that are kept whole are left out. */
const openSlice: OpenRule<'Slice'> = ({ builder, sizes, inputs, infos, attributes: { begin, size } }) => {
  const axes = [...begin.keys()].filter((axis) => String(size[axis]) !== String(infos[0]!.shape[axis]));
  const [begins, lengths] = [begin, size].map((list) => axes.map((axis) => list[axis]!)) as [Size[], Size[]];
  const ends =
    begins.every(isFixed) && lengths.every(isFixed)
      ? builder.ints(begins.map((first, index) => first + (lengths[index] as number)))
      : builder.node('Add', [sizes.list(begins), sizes.list(lengths)]);
  return [builder.node('Slice', [inputs[0]!, sizes.list(begins), ends, builder.ints(axes)])];
};

/** How kernels that move data become ONNX nodes. */
export const moving = {
  Reshape: reshape,
  BroadcastTo: broadcastTo,
  Transpose: transpose,
  Concat: concat,
  SplitV: splitV,
  Slice: slice,
  StridedSlice: stridedSlice,
  PadV2: padV2,
  Tile: tile,
  Reverse: reverse,
  Fill: fill,
};

/** Rules of the kernels that may move data of open sizes. */
export const openMoving = {
  Reshape: openReshape,
  BroadcastTo: openBroadcastTo,
  Fill: openFill,
  Slice: openSlice,
};
