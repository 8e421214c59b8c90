import type { FusedKernel, KernelName } from '@attune/graph';
import * as tf from '@tensorflow/tfjs';

export interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly fn: (...x: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** Values of the inputs: any sign (default), above zero, small integers, or zeros and ones. */
  readonly values?: 'any' | 'positive' | 'integers' | 'bits';
  readonly dtype?: 'float32' | 'int32';
}

const one = (fn: Case['fn'], options: Partial<Case> = {}): Case[] =>
  [[3], [2, 3], []].map((shape) => ({ shapes: [shape], fn, ...options }));

const broadcasts = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [[2, 3], []],
];

const two = (fn: Case['fn'], options: Partial<Case> = {}): Case[] =>
  broadcasts.map((shapes) => ({ shapes, fn, ...options }));

const axes = (
  fn: (x: tf.Tensor, axis: number[] | undefined, keep: boolean) => tf.Tensor,
  options: Partial<Case> = {},
) =>
  [undefined, [0], [-1], [0, 2]].flatMap((axis) =>
    [false, true].map((keep) => ({ shapes: [[2, 3, 4]], fn: (x: tf.Tensor) => fn(x, axis, keep), ...options })),
  );

const bool = (x: tf.Tensor): tf.Tensor => tf.greater(x, 0);
const t1 = (x: number[]): tf.Tensor1D => tf.tensor1d(x, 'int32');
/** 2 x + 1, which is never zero. */
const odd = (x: tf.Tensor): tf.Tensor => tf.add(tf.add(x, x), tf.scalar(1, 'int32'));
const ints = { values: 'integers', dtype: 'int32' } as const;

/** What to run for each kernel; a kernel without cases does not compile. */
export const kernelCases: { readonly [K in Exclude<KernelName, FusedKernel>]: readonly Case[] } = {
  Abs: [...one((x) => tf.abs(x!)), ...one((x) => tf.abs(x!), ints)],
  Neg: [...one((x) => tf.neg(x!)), ...one((x) => tf.neg(x!), ints)],
  Exp: one((x) => tf.exp(x!)),
  Expm1: [...one((x) => tf.expm1(x!)), ...one((x) => tf.expm1(tf.mul(x!, 1e-4)))],
  Log: one((x) => tf.log(x!), { values: 'positive' }),
  Log1p: [...one((x) => tf.log1p(x!), { values: 'positive' }), ...one((x) => tf.log1p(tf.mul(x!, 1e-5)))],
  Sqrt: one((x) => tf.sqrt(x!), { values: 'positive' }),
  Rsqrt: one((x) => tf.rsqrt(x!), { values: 'positive' }),
  Square: [...one((x) => tf.square(x!)), ...one((x) => tf.square(x!), ints)],
  Reciprocal: one((x) => tf.reciprocal(x!), { values: 'positive' }),
  Erf: one((x) => tf.erf(x!)),
  Tanh: one((x) => tf.tanh(x!)),
  Sigmoid: one((x) => tf.sigmoid(x!)),
  Softplus: one((x) => tf.softplus(x!)),
  Relu: one((x) => tf.relu(x!)),
  LeakyRelu: one((x) => tf.leakyRelu(x!, 0.1)),
  Elu: one((x) => tf.elu(x!)),
  EluGrad: one((x) => tf.grad((y: tf.Tensor) => tf.elu(y))(x!)),
  Step: [...one((x) => tf.step(x!)), ...one((x) => tf.step(x!, 0.5)), ...one((x) => tf.step(tf.log(x!)))],
  Sign: one((x) => tf.sign(x!)),
  Floor: one((x) => tf.floor(x!)),
  Ceil: one((x) => tf.ceil(x!)),
  Round: one((x) => tf.round(x!)),
  Sin: one((x) => tf.sin(x!)),
  Cos: one((x) => tf.cos(x!)),
  IsNan: one((x) => tf.isNaN(tf.log(x!))),
  IsInf: one((x) => tf.isInf(tf.div(x!, 0))),
  IsFinite: one((x) => tf.isFinite(tf.log(tf.relu(x!)))),
  LogicalNot: one((x) => tf.logicalNot(bool(x!))),
  ClipByValue: one((x) => tf.clipByValue(x!, -0.5, 0.75)),
  Cast: [
    ...one((x) => tf.cast(x!, 'int32')),
    ...one((x) => tf.cast(x!, 'bool'), ints),
    ...one((x) => tf.cast(bool(x!), 'float32')),
  ],
  Add: [...two((a, b) => tf.add(a!, b!)), ...two((a, b) => tf.add(a!, b!), ints)],
  Sub: [...two((a, b) => tf.sub(a!, b!)), ...two((a, b) => tf.sub(a!, b!), ints)],
  Multiply: [
    { shapes: [[3]], fn: (x) => tf.mul(x!, tf.range(0, 3)) },
    { shapes: [[3]], fn: (x) => tf.mul(x!, tf.tensor1d([Number.NaN, Number.POSITIVE_INFINITY, -0])) },
    ...two((a, b) => tf.mul(a!, b!)),
    ...two((a, b) => tf.mul(a!, b!), ints),
  ],
  RealDiv: two((a, b) => tf.div(a!, b!), { values: 'positive' }),
  FloorDiv: [
    ...two((a, b) => tf.cast(tf.floorDiv(a!, b!), 'int32'), { values: 'positive' }),
    ...two((a, b) => tf.floorDiv(a!, odd(b!)), ints),
  ],
  Mod: [...two((a, b) => tf.mod(a!, tf.add(tf.abs(b!), 0.5))), ...two((a, b) => tf.mod(a!, odd(b!)), ints)],
  Pow: two((a, b) => tf.pow(a!, b!), { values: 'positive' }),
  Maximum: [...two((a, b) => tf.maximum(a!, b!)), ...two((a, b) => tf.maximum(a!, b!), ints)],
  Minimum: two((a, b) => tf.minimum(a!, b!)),
  SquaredDifference: two((a, b) => tf.squaredDifference(a!, b!)),
  Equal: [...two((a, b) => tf.equal(a!, b!), ints), ...two((a, b) => tf.equal(bool(a!), bool(b!)))],
  NotEqual: two((a, b) => tf.notEqual(a!, b!), ints),
  Greater: [...two((a, b) => tf.greater(a!, b!)), ...two((a, b) => tf.greater(a!, b!), ints)],
  GreaterEqual: two((a, b) => tf.greaterEqual(a!, b!), ints),
  Less: two((a, b) => tf.less(a!, b!), ints),
  LessEqual: two((a, b) => tf.lessEqual(a!, b!), ints),
  LogicalAnd: two((a, b) => tf.logicalAnd(bool(a!), bool(b!))),
  LogicalOr: two((a, b) => tf.logicalOr(bool(a!), bool(b!))),
  Select: [
    ...two((a, b) => tf.where(tf.greater(a!, b!), a!, b!)),
    ...two((a, b) => tf.where(tf.greater(a!, b!), a!, b!), ints),
    {
      shapes: [
        [2, 1, 3],
        [2, 4, 1],
      ],
      fn: (a, b) => tf.where(bool(a!), bool(b!), bool(a!)),
    },
  ],
  AddN: [
    {
      shapes: [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      fn: (...x) => tf.addN(x),
    },
  ],
  Sum: [
    ...axes((x, axis, keep) => tf.sum(x, axis, keep)),
    ...axes((x, axis, keep) => tf.sum(bool(x), axis, keep)),
    ...one((x) => tf.sum(x!)),
  ],
  Mean: [...axes((x, axis, keep) => tf.mean(x, axis, keep)), ...axes((x, axis, keep) => tf.mean(x, axis, keep), ints)],
  Max: [...axes((x, axis, keep) => tf.max(x, axis, keep)), ...axes((x, axis, keep) => tf.max(x, axis, keep), ints)],
  Min: axes((x, axis, keep) => tf.min(x, axis, keep)),
  Prod: [...axes((x, axis, keep) => tf.prod(x, axis, keep)), ...axes((x, axis, keep) => tf.prod(x, axis, keep), ints)],
  Any: axes((x, axis, keep) => tf.any(bool(x), axis, keep)),
  All: axes((x, axis, keep) => tf.all(bool(x), axis, keep)),
  ArgMax: [-1, 0, 1].map((axis) => ({ shapes: [[2, 3, 4]], fn: (x) => tf.argMax(x!, axis), ...ints })),
  ArgMin: [-1, 0, 1].map((axis) => ({ shapes: [[2, 3, 4]], fn: (x) => tf.argMin(x!, axis) })),
  Softmax: [[5], [2, 5], [2, 3, 5]].map((shape) => ({ shapes: [shape], fn: (x) => tf.softmax(x!) })),
  Cumsum: scans((x, axis, exclusive, reverse) => tf.cumsum(x, axis, exclusive, reverse)),
  Cumprod: scans((x, axis, exclusive, reverse) => tf.cumprod(x, axis, exclusive, reverse)),
  BatchMatMul: [
    {
      shapes: [
        [3, 4],
        [4, 2],
      ],
      fn: (a, b) => tf.matMul(a!, b!),
    },
    {
      shapes: [
        [4, 3],
        [4, 2],
      ],
      fn: (a, b) => tf.matMul(a!, b!, true, false),
    },
    {
      shapes: [
        [3, 4],
        [2, 4],
      ],
      fn: (a, b) => tf.matMul(a!, b!, false, true),
    },
    {
      shapes: [
        [4, 3],
        [2, 4],
      ],
      fn: (a, b) => tf.matMul(a!, b!, true, true),
    },
    {
      shapes: [
        [2, 5, 3, 4],
        [2, 5, 4, 2],
      ],
      fn: (a, b) => tf.matMul(a!, b!),
    },
    {
      shapes: [
        [2, 5, 4, 3],
        [2, 5, 2, 4],
      ],
      fn: (a, b) => tf.matMul(a!, b!, true, true),
    },
    {
      shapes: [
        [5, 3, 4],
        [1, 2, 4],
      ],
      fn: (a, b) => tf.matMul(a!, b!, false, true),
    },
    {
      shapes: [
        [5, 3, 4],
        [4, 2],
      ],
      fn: (a, b) => tf.matMul(a!, b!),
    },
    {
      shapes: [
        [3, 4],
        [5, 2, 4],
      ],
      fn: (a, b) => tf.matMul(a!, b!, false, true),
    },
  ],
  Reshape: [
    { shapes: [[2, 6]], fn: (x) => tf.reshape(x!, [3, -1]) },
    { shapes: [[]], fn: (x) => tf.reshape(x!, [1, 1]) },
    { shapes: [[2, 6]], fn: (x) => tf.expandDims(x!, -1) },
    { shapes: [[2, 0, 3]], fn: (x) => tf.reshape(x!, [3, 0]) },
    { shapes: [[2, 6]], fn: (x) => tf.reshape(x!, [-1]), ...ints },
  ],
  BroadcastTo: [
    { shapes: [[1, 3]], fn: (x) => tf.broadcastTo(x!, [2, 4, 3]) },
    { shapes: [[]], fn: (x) => tf.broadcastTo(x!, [2, 3]) },
    { shapes: [[2, 1]], fn: (x) => tf.broadcastTo(bool(x!), [2, 3]) },
  ],
  Transpose: [
    { shapes: [[2, 3]], fn: (x) => tf.transpose(x!) },
    { shapes: [[2, 3, 4, 5]], fn: (x) => tf.transpose(x!, [0, 2, 1, 3]) },
    { shapes: [[2, 3, 4]], fn: (x) => tf.transpose(x!, [2, 0, 1]), ...ints },
  ],
  Concat: [
    {
      shapes: [
        [2, 3],
        [2, 1],
      ],
      fn: (a, b) => tf.concat([a!, b!], -1),
    },
    {
      shapes: [
        [2, 3],
        [4, 3],
      ],
      fn: (a, b) => tf.concat([bool(a!), bool(b!)], 0),
    },
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      fn: (a, b) => tf.stack([a!, b!], 1),
    },
    { shapes: [[], []], fn: (a, b) => tf.stack([a!, b!]), ...ints },
  ],
  SplitV: [
    { shapes: [[2, 6]], fn: (x) => tf.split(x!, 3, -1) },
    { shapes: [[5, 2]], fn: (x) => tf.split(x!, [1, 4], 0) },
    { shapes: [[3, 2, 2]], fn: (x) => tf.unstack(x!, 1), ...ints },
  ],
  Slice: [
    { shapes: [[4, 5]], fn: (x) => tf.slice(x!, [1, 2], [2, -1]) },
    { shapes: [[4, 5]], fn: (x) => tf.slice(x!, 1) },
    { shapes: [[4, 5]], fn: (x) => tf.slice(bool(x!), [0, 0], [1, 5]) },
  ],
  StridedSlice: [
    { shapes: [[4, 5]], fn: (x) => tf.stridedSlice(x!, [0, 1], [4, 5], [2, 2]) },
    { shapes: [[4, 5]], fn: (x) => tf.stridedSlice(x!, [3, 4], [-5, 0], [-1, -2]) },
    { shapes: [[4, 5]], fn: (x) => tf.stridedSlice(x!, [1], [2], [1], 0, 0, 0, 0, 1), ...ints },
  ],
  PadV2: [
    {
      shapes: [[2, 3]],
      fn: (x) =>
        tf.pad(x!, [
          [1, 0],
          [0, 2],
        ]),
    },
    {
      shapes: [[2, 3]],
      fn: (x) =>
        tf.pad(
          x!,
          [
            [0, 0],
            [1, 1],
          ],
          7,
        ),
      ...ints,
    },
    { shapes: [[3]], fn: (x) => tf.pad(x!, [[1, 1]], Number.NEGATIVE_INFINITY) },
  ],
  Tile: [
    { shapes: [[2, 3]], fn: (x) => tf.tile(x!, [2, 3]) },
    { shapes: [[2, 3]], fn: (x) => tf.tile(bool(x!), [1, 2]) },
    { shapes: [[2, 3]], fn: (x) => tf.tile(x!, [2, 1]), ...ints },
  ],
  Reverse: [
    { shapes: [[2, 3, 4]], fn: (x) => tf.reverse(x!) },
    { shapes: [[2, 3, 4]], fn: (x) => tf.reverse(x!, [0, -1]), ...ints },
  ],
  Fill: [
    { shapes: [[2, 3]], fn: (x) => tf.add(x!, tf.fill([2, 3], Number.NEGATIVE_INFINITY)) },
    { shapes: [[2, 3]], fn: (x) => [tf.zerosLike(x!), tf.onesLike(bool(x!)), tf.fill([], Number.NaN)] },
    { shapes: [[2, 3]], fn: (x) => tf.mul(x!, tf.ones([2, 3])) },
  ],
  GatherV2: [
    { shapes: [[5, 3]], fn: (x) => tf.gather(x!, t1([4, 0, 0])) },
    {
      shapes: [[5, 3]],
      fn: (x) =>
        tf.gather(
          x!,
          tf.tensor2d(
            [
              [2, 1],
              [0, 2],
            ],
            [2, 2],
            'int32',
          ),
          1,
        ),
      ...ints,
    },
    {
      shapes: [[2, 3, 4]],
      fn: (x) =>
        tf.gather(
          x!,
          tf.tensor2d(
            [
              [2, 1],
              [0, 2],
            ],
            [2, 2],
            'int32',
          ),
          1,
          1,
        ),
    },
    { shapes: [[5, 3]], fn: (x) => tf.gather(x!, tf.scalar(3, 'int32')) },
  ],
  GatherNd: [
    {
      shapes: [[4, 5]],
      fn: (x) =>
        tf.gatherND(
          x!,
          tf.tensor2d(
            [
              [0, 1],
              [3, 4],
            ],
            [2, 2],
            'int32',
          ),
        ),
    },
    { shapes: [[4, 5]], fn: (x) => tf.gatherND(x!, tf.tensor2d([[2], [0]], [2, 1], 'int32')), ...ints },
  ],
  ScatterNd: [
    {
      shapes: [[3, 2]],
      fn: (x) =>
        tf.scatterND(
          tf.tensor2d(
            [
              [1, 2],
              [0, 0],
              [1, 2],
            ],
            [3, 2],
            'int32',
          ),
          x!,
          [2, 3, 2],
        ),
    },
    { shapes: [[3]], fn: (x) => tf.scatterND(tf.tensor2d([[4], [0], [4]], [3, 1], 'int32'), x!, [6]) },
    { shapes: [[2, 3]], fn: (x) => tf.scatterND(tf.tensor2d([[1], [0]], [2, 1], 'int32'), x!, [4, 3]), ...ints },
  ],
  TensorScatterUpdate: [
    {
      shapes: [
        [4, 3],
        [2, 3],
      ],
      fn: (x, y) => tf.tensorScatterUpdate(x!, tf.tensor2d([[1], [3]], [2, 1], 'int32'), y!),
    },
  ],
  UnsortedSegmentSum: [
    { shapes: [[4, 3]], fn: (x) => tf.unsortedSegmentSum(x!, t1([2, 0, 2, 1]), 3) },
    { shapes: [[4]], fn: (x) => tf.unsortedSegmentSum(x!, t1([0, 0, 0, 0]), 1) },
    { shapes: [[5, 2]], fn: (x) => tf.grad((table: tf.Tensor) => tf.gather(table, t1([1, 1, 4])))(x!) },
  ],
  OneHot: [
    { shapes: [[4]], fn: (x) => tf.oneHot(tf.abs(x!), 3), ...ints },
    { shapes: [[2, 2]], fn: (x) => tf.oneHot(tf.abs(x!), 5, 2, -1, 'float32'), ...ints },
  ],
};

function scans(fn: (x: tf.Tensor, axis: number, exclusive: boolean, reverse: boolean) => tf.Tensor): Case[] {
  const flags = [false, true];
  return [0, 1, 2].flatMap((axis) =>
    flags.flatMap((exclusive) =>
      flags.map((reverse) => ({ shapes: [[2, 3, 4]], fn: (x: tf.Tensor) => fn(x, axis, exclusive, reverse) })),
    ),
  );
}
