import { sizeOf } from '@attune/graph';
import type { ModelBuilder } from '../model-builder.ts';
import { arrayOf } from '../model-builder.ts';
import type { LoweringRule } from './lowering-rule.ts';
import { castTo, info, name } from './lowering-rule.ts';

/** Transposed products go to com.microsoft's FusedMatMul, which reads them in place. */
export const batchMatMul: LoweringRule<'BatchMatMul'> = ({ builder, inputs, attributes }) => {
  const { transposeA, transposeB } = attributes;
  if (!transposeA && !transposeB) {
    return [builder.node('MatMul', inputs)];
  }
  const options = { attributes: { transA: transposeA, transB: transposeB }, domain: 'com.microsoft' } as const;
  return [builder.node('FusedMatMul', inputs, options)];
};

/** Gather, or with batch axes GatherND over indices of one component. */
export const gatherV2: LoweringRule<'GatherV2'> = (call) => {
  const { builder, inputs, attributes } = call;
  const { axis, batchDims } = attributes;
  if (batchDims === 0) {
    return [builder.node('Gather', inputs, { attributes: { axis } })];
  }
  const components = builder.node('Unsqueeze', [castTo(builder, name(call, 1), 'int64'), builder.ints([-1])]);
  return [builder.node('GatherND', [name(call), components], { attributes: { batch_dims: batchDims } })];
};

export const gatherNd: LoweringRule<'GatherNd'> = (call) => [
  call.builder.node('GatherND', [name(call), castTo(call.builder, name(call, 1), 'int64')]),
];

/** Adds updates into zeros, so repeated indices sum. */
export const scatterNd: LoweringRule<'ScatterNd'> = (call) => {
  const { builder, attributes } = call;
  const { dtype } = info(call, 1);
  const data = zeros(builder, attributes.shape, dtype);
  return [
    builder.node('ScatterND', [data, castTo(builder, name(call), 'int64'), name(call, 1)], {
      attributes: { reduction: 'add' },
    }),
  ];
};

export const tensorScatterUpdate: LoweringRule<'TensorScatterUpdate'> = (call) => [
  call.builder.node('ScatterND', [name(call), castTo(call.builder, name(call, 1), 'int64'), name(call, 2)]),
];

/** The gradient of an embedding: rows of x are added into zeros at their segment. */
export const unsortedSegmentSum: LoweringRule<'UnsortedSegmentSum'> = (call) => {
  const { builder, outputs } = call;
  const data = zeros(builder, outputs[0]!.shape, info(call).dtype);
  const ids = builder.node('Unsqueeze', [castTo(builder, name(call, 1), 'int64'), builder.ints([-1])]);
  return [builder.node('ScatterND', [data, ids, name(call)], { attributes: { reduction: 'add' } })];
};

/** indices == 0 .. depth - 1; an index outside gives a row without a one, unlike ONNX's OneHot. */
export const oneHot: LoweringRule<'OneHot'> = (call) => {
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

function zeros(builder: ModelBuilder, shape: readonly number[], dtype: 'float32' | 'int32' | 'bool'): string {
  if (sizeOf(shape) === 1) {
    return builder.tensor({ type: dtype, shape, data: arrayOf(dtype, [0]) });
  }
  return builder.node('Expand', [builder.scalar(0, dtype), builder.ints(shape)]);
}
