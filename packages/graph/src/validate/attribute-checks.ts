import type { ValueInfo } from '../graph.ts';
import { sizeOf } from '../graph.ts';
import type { KernelAttributes, KernelName } from '../kernels.ts';
import type { KernelCall } from '../rules/kernel-rule.ts';

/** What is wrong with a call's attributes, or nothing. */
export type AttributeCheck<K extends KernelName> = (call: KernelCall<K>) => string | undefined;

/** Kernels that have attributes. */
export type AttributedKernel = {
  [K in KernelName]: keyof KernelAttributes[K] extends never ? never : K;
}[KernelName];

/** A call of any kernel that has these attributes. */
interface With<A> {
  readonly inputs: readonly ValueInfo[];
  readonly attributes: Readonly<A>;
}

const shapeOf = (inputs: readonly ValueInfo[], index = 0): readonly number[] => inputs[index]?.shape ?? [];
const isCount = (x: number): boolean => Number.isInteger(x) && x >= 0;
const isList = (list: readonly number[], length: number, fits: (x: number, index: number) => boolean): boolean =>
  list.length === length && list.every(fits);
const sum = (list: readonly number[]): number => list.reduce((total, x) => total + x, 0);
const must = (holds: boolean, what: string): string | undefined => (holds ? undefined : what);

const anything = (): undefined => undefined;

const axis = ({ inputs, attributes }: With<{ axis: number }>): string | undefined => {
  const rank = shapeOf(inputs).length;
  return must(isCount(attributes.axis) && attributes.axis < rank, `axis must be from 0 to ${rank - 1}`);
};

const axes = ({ inputs, attributes }: With<{ axes: readonly number[] }>): string | undefined => {
  const rank = shapeOf(inputs).length;
  const given = attributes.axes;
  const ascending = given.every((x, index) => isCount(x) && x < rank && (index === 0 || x > given[index - 1]!));
  return must(ascending, `axes must be ascending, from 0 to ${rank - 1}`);
};

const shape = ({ attributes }: With<{ shape: readonly number[] }>): string | undefined =>
  must(attributes.shape.every(isCount), 'shape must be spelled out');

const reshape: AttributeCheck<'Reshape'> = (call) => {
  const [from, to] = [sizeOf(shapeOf(call.inputs)), sizeOf(call.attributes.shape)];
  return shape(call) ?? must(from === to, `shape has ${to} elements, the input ${from}`);
};

const broadcastTo: AttributeCheck<'BroadcastTo'> = (call) => {
  const [from, to] = [shapeOf(call.inputs), call.attributes.shape];
  const fits = from.every((size, index) => size === 1 || size === to[to.length - from.length + index]);
  return shape(call) ?? must(from.length <= to.length && fits, 'the input does not broadcast to shape');
};

const perm: AttributeCheck<'Transpose'> = ({ inputs, attributes }) => {
  const rank = shapeOf(inputs).length;
  const isOrder = isList(
    [...attributes.perm].sort((a, b) => a - b),
    rank,
    (x, index) => x === index,
  );
  return must(isOrder, `perm must order the axes from 0 to ${rank - 1}`);
};

const splitV: AttributeCheck<'SplitV'> = (call) => {
  const { sizes } = call.attributes;
  const whole = shapeOf(call.inputs)[call.attributes.axis];
  return axis(call) ?? must(sizes.every(isCount) && sum(sizes) === whole, `sizes must add up to ${whole}`);
};

const slice: AttributeCheck<'Slice'> = ({ inputs, attributes: { begin, size } }) => {
  const given = shapeOf(inputs);
  const inside = (first: number, index: number): boolean =>
    isCount(first) && isCount(size[index]!) && first + size[index]! <= given[index]!;
  return must(size.length === begin.length && isList(begin, given.length, inside), 'begin and size leave the input');
};

const stridedSlice: AttributeCheck<'StridedSlice'> = ({ inputs, attributes: { begin, strides, size } }) => {
  const given = shapeOf(inputs);
  const inside = (length: number, index: number): boolean => {
    const last = begin[index]! + strides[index]! * (length - 1);
    return isCount(length) && (length === 0 || [begin[index]!, last].every((at) => isCount(at) && at < given[index]!));
  };
  return must(isList(size, given.length, inside), 'begin, strides and size leave the input');
};

const padV2: AttributeCheck<'PadV2'> = ({ inputs, attributes: { paddings } }) =>
  must(
    paddings.length === shapeOf(inputs).length && paddings.flat().every(isCount),
    'paddings must be a pair of counts for each axis',
  );

const tile: AttributeCheck<'Tile'> = ({ inputs, attributes: { reps } }) =>
  must(isList(reps, shapeOf(inputs).length, isCount), 'reps must be a count for each axis');

const gatherV2: AttributeCheck<'GatherV2'> = ({ inputs, attributes: { axis: along, batchDims } }) => {
  const rank = shapeOf(inputs).length;
  return (
    must(isCount(along) && along < rank, `axis must be from 0 to ${rank - 1}`) ??
    must(batchDims === 0 || batchDims === along, 'batchDims must be 0 or equal to axis')
  );
};

const topK: AttributeCheck<'TopK'> = ({ inputs, attributes: { k } }) => {
  const length = shapeOf(inputs).at(-1) ?? 0;
  return must(isCount(k) && k <= length, `k must be at most ${length}`);
};

const product = ({ inputs, attributes }: With<{ transposeA: boolean; transposeB: boolean }>): string | undefined => {
  const { transposeA, transposeB } = attributes;
  const a = shapeOf(inputs).at(transposeA ? -2 : -1);
  const b = shapeOf(inputs, 1).at(transposeB ? -1 : -2);
  return must(a === b, `inner sizes ${a} and ${b} must be equal`);
};

const count = (name: 'numSegments' | 'depth', value: number): string | undefined =>
  must(isCount(value), `${name} must be a count`);

/** Attributes as the rest of the package relies on them; a kernel with attributes and without a check does not compile. */
export const attributeChecks: { readonly [K in AttributedKernel]: AttributeCheck<K> } = {
  LeakyRelu: anything,
  Step: anything,
  ClipByValue: anything,
  Cast: anything,
  Sum: axes,
  Mean: axes,
  Max: axes,
  Min: axes,
  Prod: axes,
  Any: axes,
  All: axes,
  Reverse: axes,
  ArgMax: axis,
  ArgMin: axis,
  TopK: topK,
  Cumsum: axis,
  Cumprod: axis,
  BatchMatMul: product,
  Reshape: reshape,
  BroadcastTo: broadcastTo,
  Transpose: perm,
  Concat: axis,
  SplitV: splitV,
  Slice: slice,
  StridedSlice: stridedSlice,
  PadV2: padV2,
  Tile: tile,
  Fill: shape,
  GatherV2: gatherV2,
  ScatterNd: shape,
  UnsortedSegmentSum: ({ attributes }) => count('numSegments', attributes.numSegments),
  OneHot: ({ attributes }) => count('depth', attributes.depth),
  ScaledMatMul: product,
  Gemm: product,
  Normalize: anything,
  LayerNorm: anything,
};
