import { sizeOf } from '../graph.ts';
import type { KernelName } from '../kernels.ts';
import { broadcastShapes } from '../rules/elementwise.ts';
import type { EvaluationRule } from './evaluation-rule.ts';
import { broadcastTo } from './evaluation-rule.ts';

/** The kernel of the same name with its inputs by these names and its attributes as they are. */
export function named<K extends KernelName>(kernel: K, ...names: readonly string[]): EvaluationRule<K> {
  return ({ inputs, attributes, run }) =>
    run(kernel, Object.fromEntries(names.map((name, index) => [name, inputs[index]!])), attributes);
}

export const unary = <K extends KernelName>(kernel: K): EvaluationRule<K> => named(kernel, 'x');
export const binary = <K extends KernelName>(kernel: K): EvaluationRule<K> => named(kernel, 'a', 'b');

/** The kernel of the same name over a list of inputs. */
export function listed<K extends KernelName>(kernel: K): EvaluationRule<K> {
  return ({ inputs, attributes, run }) => run(kernel, inputs, attributes);
}

export const clipByValue: EvaluationRule<'ClipByValue'> = ({ inputs, attributes: { min, max }, run }) =>
  run('ClipByValue', { x: inputs[0]! }, { clipValueMin: min, clipValueMax: max });

/** TensorFlow.js's Select wants all three inputs in the output's shape. */
export const select: EvaluationRule<'Select'> = ({ inputs, outputs, run }) => {
  const [condition, t, e] = inputs.map((input) => broadcastTo(run, input, outputs[0]!.shape));
  return run('Select', { condition: condition!, t: t!, e: e! });
};

export const max: EvaluationRule<'Max'> = ({ inputs, attributes: { axes, keepDims }, run }) =>
  run('Max', { x: inputs[0]! }, { reductionIndices: axes, keepDims });

export function reduction<K extends 'Sum' | 'Mean' | 'Min' | 'Prod' | 'Any' | 'All'>(kernel: K): EvaluationRule<K> {
  return ({ inputs, attributes: { axes, keepDims }, run }) => run(kernel, { x: inputs[0]! }, { axis: axes, keepDims });
}

export const topK: EvaluationRule<'TopK'> = ({ inputs, attributes: { k }, run }) =>
  run('TopK', { x: inputs[0]! }, { k, sorted: true });

export const softmax: EvaluationRule<'Softmax'> = ({ inputs, run }) =>
  run('Softmax', { logits: inputs[0]! }, { dim: -1 });

/** The cpu backend repeats the batch axes of the smaller input by count, which is not broadcasting. */
export const batchMatMul: EvaluationRule<'BatchMatMul'> = ({ inputs, attributes, run }) => {
  const [a, b] = [inputs[0]!, inputs[1]!];
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [wholeA, wholeB] = [a, b].map((x) => broadcastTo(run, x, [...batch, ...x.shape.slice(-2)]));
  return run('BatchMatMul', { a: wholeA!, b: wholeB! }, attributes);
};

export const broadcast: EvaluationRule<'BroadcastTo'> = ({ inputs, attributes: { shape }, run }) => [
  broadcastTo(run, inputs[0]!, shape),
];

export const splitV: EvaluationRule<'SplitV'> = ({ inputs, attributes: { sizes, axis }, run }) =>
  run('SplitV', { x: inputs[0]! }, { numOrSizeSplits: sizes, axis });

/** The end that gives `size` elements; one before the first element is said by the mask, -1 would be the last. */
export const stridedSlice: EvaluationRule<'StridedSlice'> = ({ inputs, attributes, run }) => {
  const { begin, strides, size } = attributes;
  const end = begin.map((first, axis) => first + strides[axis]! * size[axis]!);
  const endMask = end.reduce((mask, stop, axis) => (stop < 0 ? mask | (1 << axis) : mask), 0);
  const masks = { beginMask: 0, endMask, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
  return run('StridedSlice', { x: inputs[0]! }, { begin, end, strides, ...masks });
};

export const padV2: EvaluationRule<'PadV2'> = ({ inputs, attributes: { paddings, value }, run }) =>
  run('PadV2', { x: inputs[0]! }, { paddings, constantValue: value });

export const reverse: EvaluationRule<'Reverse'> = ({ inputs, attributes: { axes }, run }) =>
  run('Reverse', { x: inputs[0]! }, { dims: axes });

/** The cpu backend writes the updates into its input, which is therefore copied by a Tile. */
export const tensorScatterUpdate: EvaluationRule<'TensorScatterUpdate'> = ({ inputs, run }) => {
  const [tensor, indices, updates] = [inputs[0]!, inputs[1]!, inputs[2]!];
  const [copy] = run('Tile', { x: tensor }, { reps: tensor.shape.map(() => 1) });
  return run('TensorScatterUpdate', { tensor: copy!, indices, updates });
};

/** Through ScatterNd: the cpu backend's own kernel multiplies by masks, which spreads NaN over all segments. */
export const unsortedSegmentSum: EvaluationRule<'UnsortedSegmentSum'> = ({ inputs, outputs, run }) => {
  const [x, segmentIds] = [inputs[0]!, inputs[1]!];
  const count = sizeOf(segmentIds.shape);
  const { shape } = outputs[0]!;
  const [indices] = run('Reshape', { x: segmentIds }, { shape: [count, 1] });
  const [updates] = run('Reshape', { x }, { shape: [count, ...shape.slice(1)] });
  return run('ScatterNd', { indices: indices!, updates: updates! }, { shape });
};
