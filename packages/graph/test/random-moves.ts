import { sizeOf } from '@attune/base';
import type { GraphBuilder } from '../src/graph-builder.ts';
import type { KernelName } from '../src/kernels/kernels.ts';
import type { ValueInfo } from '../src/values.ts';
import type { Move } from './random-graph.ts';

const isFloat = ({ dtype }: ValueInfo): boolean => dtype === 'float32';
const isSmallFloat = ({ shape, dtype }: ValueInfo): boolean => dtype === 'float32' && sizeOf(shape) <= 64;
const hasAxis = ({ shape, dtype }: ValueInfo): boolean =>
  dtype === 'float32' && shape.length > 0 && shape.length < 5 && sizeOf(shape) > 0;
const fits = (a: readonly number[], b: readonly number[]): boolean =>
  a.slice(-b.length || a.length).every((size, axis) => {
    const other = b.slice(-a.length)[axis] ?? 1;
    return size === other || size === 1 || other === 1;
  });

type Plain = {
  [K in KernelName]: Record<never, never> extends Parameters<GraphBuilder['emit']>[2] ? K : never;
}[KernelName];

/** One of several element-wise kernels of one input. */
const unary =
  (...kernels: readonly Plain[]): Move =>
  (builder, draw) => {
    const x = draw.value(isFloat);
    return x === undefined ? [] : builder.emit(draw.pick(kernels), [x], {});
  };

/** One of several element-wise kernels of two inputs that broadcast. */
const binary =
  (...kernels: readonly Plain[]): Move =>
  (builder, draw) => {
    const a = draw.value(isFloat)!;
    const b = draw.value((info) => isFloat(info) && fits(builder.info(a).shape, info.shape))!;
    return builder.emit(draw.pick(kernels), draw.int(2) === 0 ? [a, b] : [b, a], {});
  };

/** A number as a scalar constant, or a Fill in the shape of a value. */
const constant: Move = (builder, draw) => {
  const value = draw.pick([0, 1, -1, 2, 0.5, -0]);
  const like = draw.value(isFloat)!;
  return draw.int(2) === 0
    ? [builder.constant({ shape: [], dtype: 'float32' }, Float32Array.of(value))]
    : builder.emit('Fill', [], { shape: builder.info(like).shape, value, dtype: 'float32' });
};

const onAxis =
  (add: (builder: GraphBuilder, x: number, axis: number, draw: Parameters<Move>[1]) => readonly number[]): Move =>
  (builder, draw) => {
    const x = draw.value(hasAxis);
    return x === undefined ? [] : add(builder, x, draw.int(builder.info(x).shape.length), draw);
  };

const reduction = onAxis((builder, x, axis, draw) =>
  builder.emit(draw.pick(['Sum', 'Mean', 'Max', 'Min', 'Prod'] as const), [x], {
    axes: [axis],
    keepDims: draw.int(2) === 0,
  }),
);

const scan = onAxis((builder, x, axis, draw) =>
  builder.emit('Cumsum', [x], { axis, exclusive: draw.int(2) === 0, reverse: draw.int(2) === 0 }),
);

const softmax = onAxis((builder, x) => builder.emit('Softmax', [x], {}));

const transpose: Move = (builder, draw) => {
  const x = draw.value(isFloat)!;
  const axes = builder.info(x).shape.map((_, axis) => axis);
  const turn = draw.int(Math.max(1, axes.length));
  return builder.emit('Transpose', [x], {
    perm: draw.int(2) === 0 ? axes.toReversed() : [...axes.slice(turn), ...axes.slice(0, turn)],
  });
};

const reshape: Move = (builder, draw) => {
  const x = draw.value(isFloat)!;
  const { shape } = builder.info(x);
  const shapes = [
    [sizeOf(shape)],
    [1, ...shape],
    [...shape, 1],
    shape.filter((size) => size !== 1),
    shape.toReversed(),
  ];
  return builder.emit('Reshape', [x], { shape: draw.pick(shapes) });
};

const matMul: Move = (builder, draw) => {
  const a = draw.value(({ shape, dtype }) => dtype === 'float32' && shape.length === 2);
  if (a === undefined) {
    return [];
  }
  const [transposeA, transposeB] = [draw.int(2) === 1, draw.int(2) === 1];
  const inner = builder.info(a).shape[transposeA ? 0 : 1]!;
  const b = draw.value(
    ({ shape, dtype }) => dtype === 'float32' && shape.length === 2 && shape[transposeB ? 1 : 0] === inner,
  );
  return b === undefined ? [] : builder.emit('BatchMatMul', [a, b], { transposeA, transposeB });
};

const concat = onAxis((builder, x, axis) => {
  const { shape } = builder.info(x);
  return sizeOf(shape) > 64 ? [] : builder.emit('Concat', [x, x], { axis });
});

const split = onAxis((builder, x, axis) => {
  const size = builder.info(x).shape[axis]!;
  return size < 2 ? [] : builder.emit('SplitV', [x], { sizes: [1, size - 1], axis });
});

const slice = onAxis((builder, x, axis) => {
  const { shape } = builder.info(x);
  const begin = shape.map((_, at) => Number(at === axis));
  return builder.emit('Slice', [x], { begin, size: shape.with(axis, shape[axis]! - 1) });
});

const pad = onAxis((builder, x, axis, draw) => {
  const { shape } = builder.info(x);
  const paddings = shape.map((_, at): [number, number] => (at === axis ? [1, draw.int(2)] : [0, 0]));
  return sizeOf(shape) > 64 ? [] : builder.emit('PadV2', [x], { paddings, value: 0 });
});

const reverse = onAxis((builder, x, axis) => builder.emit('Reverse', [x], { axes: [axis] }));

const broadcast: Move = (builder, draw) => {
  const x = draw.value(isSmallFloat)!;
  return builder.emit('BroadcastTo', [x], {
    shape: [2, ...builder.info(x).shape.map((size) => (size === 1 ? 2 : size))],
  });
};

const gather = onAxis((builder, x, axis) => {
  const info = { shape: [2], dtype: 'int32' } as const;
  const indices = builder.constant(info, Int32Array.of(0, builder.info(x).shape[axis]! - 1));
  return sizeOf(builder.info(x).shape) > 64 ? [] : builder.emit('GatherV2', [x, indices], { axis, batchDims: 0 });
});

const segmentSum: Move = (builder, draw) => {
  const ids = draw.value(({ dtype, shape }) => dtype === 'int32' && shape.length === 1)!;
  const x = draw.value(
    ({ shape, dtype }) => dtype === 'float32' && shape.length > 1 && shape[0] === builder.info(ids).shape[0],
  );
  return x === undefined ? [] : builder.emit('UnsortedSegmentSum', [x, ids], { numSegments: 3 });
};

const oneHot: Move = (builder, draw) => {
  const indices = draw.value(({ dtype, shape }) => dtype === 'int32' && shape.length === 1)!;
  return builder.emit('OneHot', [indices], { depth: 3, onValue: 1, offValue: 0, dtype: 'float32' });
};

const castBack: Move = (builder, draw) => {
  const x = draw.value(({ dtype }) => dtype !== 'float32')!;
  return builder.emit('Cast', [x], { dtype: 'float32' });
};

const toBool: Move = (builder, draw) =>
  builder.emit('Cast', [draw.value(({ dtype }) => dtype === 'int32')!], { dtype: 'bool' });

const choose: Move = (builder, draw) => {
  const condition = draw.value(({ dtype }) => dtype === 'bool');
  if (condition === undefined) {
    return [];
  }
  const same = ({ shape, dtype }: ValueInfo): boolean =>
    dtype === 'float32' && shape.join() === builder.info(condition).shape.join();
  const [t, e] = [draw.value(same), draw.value(same)];
  return t === undefined || e === undefined ? [] : builder.emit('Select', [condition, t, e], {});
};

/** What a random graph may grow by; moves that jump turn a difference in the last digit into another value. */
export const moves: readonly { readonly add: Move; readonly jumps?: boolean }[] = [
  { add: binary('Add', 'Sub', 'Multiply', 'Maximum', 'Minimum', 'SquaredDifference') },
  { add: constant },
  { add: transpose },
  { add: reshape },
  { add: unary('Neg', 'Square', 'Abs', 'Relu', 'Tanh', 'Sigmoid', 'Erf') },
  { add: matMul },
  { add: reduction },
  { add: binary('Add', 'Multiply', 'RealDiv'), jumps: true },
  { add: binary('Equal', 'Greater', 'LessEqual', 'NotEqual'), jumps: true },
  { add: unary('Floor', 'Sign', 'Exp', 'Log', 'Sqrt', 'Reciprocal'), jumps: true },
  { add: choose },
  { add: castBack },
  { add: toBool },
  { add: softmax },
  { add: scan },
  { add: concat },
  { add: split },
  { add: slice },
  { add: pad },
  { add: reverse },
  { add: broadcast },
  { add: gather },
  { add: segmentSum },
  { add: oneHot },
];
