import { sizeOf } from '@attune/base';
import type { ValueInfo } from '@attune/graph';
import { castTo, info, type LoweringCall, type LoweringRule, name, zeros } from './lowering-rule.ts';

/** Gather, or with batch axes GatherND over indices of one component. */
const gatherV2: LoweringRule<'GatherV2'> = (call) => {
  const { builder, inputs, attributes } = call;
  const { axis, batchDims } = attributes;
  if (batchDims === 0) {
    return [builder.node('Gather', inputs, { attributes: { axis } })];
  }
  const components = builder.node('Unsqueeze', [castTo(builder, name(call, 1), 'int64'), builder.ints([-1])]);
  return [builder.node('GatherND', [name(call), components], { attributes: { batch_dims: batchDims } })];
};

const gatherNd: LoweringRule<'GatherNd'> = (call) => [
  call.builder.node('GatherND', [name(call), castTo(call.builder, name(call, 1), 'int64')]),
];

/** Adds updates into zeros at index tuples; a tuple is a row number in the flattened leading axes. */
const scatterNd: LoweringRule<'ScatterNd'> = (call) => {
  const { builder } = call;
  const { shape } = call.attributes;
  const depth = info(call).shape.at(-1) ?? 0;
  const strides = shape.slice(0, depth).map((_, axis) => sizeOf(shape.slice(axis + 1, depth)));
  const weights = builder.tensor({ type: 'int32', shape: [depth], data: Int32Array.from(strides) });
  const terms = builder.node('Mul', [name(call), weights]);
  const rows = builder.node('ReduceSum', [terms, builder.ints([-1])], { attributes: { keepdims: 0 } });
  return [addRows(call, { rows, updates: name(call, 1), info: info(call, 1), leading: shape.slice(0, depth) })];
};

const tensorScatterUpdate: LoweringRule<'TensorScatterUpdate'> = (call) => [
  call.builder.node('ScatterND', [name(call), castTo(call.builder, name(call, 1), 'int64'), name(call, 2)]),
];

/** The gradient of an embedding: rows of x are added into zeros at their segment. */
const unsortedSegmentSum: LoweringRule<'UnsortedSegmentSum'> = (call) => {
  const leading = [call.attributes.numSegments];
  return [addRows(call, { rows: name(call, 1), updates: name(call), info: info(call), leading })];
};

interface RowSums {
  /** Name of the row numbers, one for each row of the updates. */
  readonly rows: string;
  readonly updates: string;
  readonly info: ValueInfo;
  /** Leading axes of the output, which together count its rows. */
  readonly leading: readonly number[];
}

/**
 * Sums rows in the order they come in. ScatterND with reduction "add" would take the row numbers as they are, but
 * ONNX Runtime 1.30 runs it on all threads without a lock, and loses updates where numbers repeat;
 * ScatterElements is sequential. It wants a number for each element.
 */
function addRows(
  { builder, outputs }: LoweringCall<'ScatterNd' | 'UnsortedSegmentSum'>,
  { rows, updates, info: { shape, dtype }, leading }: RowSums,
): string {
  const output = outputs[0]!.shape;
  if (sizeOf(output) === 0 || sizeOf(shape) === 0) {
    return zeros(builder, output, dtype);
  }
  const width = sizeOf(output.slice(leading.length));
  const table = [sizeOf(leading), width];
  const flat = [sizeOf(shape) / width, width];
  const column = builder.node('Reshape', [castTo(builder, rows, 'int64'), builder.ints([flat[0]!, 1])]);
  const indices = builder.node('Expand', [column, builder.ints(flat)]);
  const values = builder.node('Reshape', [updates, builder.ints(flat)]);
  const sums = builder.node('ScatterElements', [zeros(builder, table, dtype), indices, values], {
    attributes: { axis: 0, reduction: 'add' },
  });
  return builder.node('Reshape', [sums, builder.ints(output)]);
}

/** indices == 0 .. depth - 1; an index outside gives a row without a one, unlike ONNX's OneHot. */
const oneHot: LoweringRule<'OneHot'> = (call) => {
  const { builder, attributes } = call;
  const { depth, onValue, offValue, dtype } = attributes;
  const positions = Int32Array.from({ length: depth }, (_, index) => index);
  const range = builder.tensor({ type: 'int32', shape: [depth], data: positions });
  const column = builder.node('Unsqueeze', [name(call), builder.ints([-1])]);
  const isHot = builder.node('Equal', [column, range]);
  if (onValue === 1 && offValue === 0) {
    return [castTo(builder, isHot, dtype)];
  }
  return [builder.node('Where', [isHot, builder.scalar(onValue, dtype), builder.scalar(offValue, dtype)])];
};

/** How kernels with places as values become ONNX nodes. */
export const indexing = {
  GatherV2: gatherV2,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: tensorScatterUpdate,
  UnsortedSegmentSum: unsortedSegmentSum,
  OneHot: oneHot,
};
