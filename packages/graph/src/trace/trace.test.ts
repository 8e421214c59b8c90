import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { printGraph } from '../print-graph.ts';
import { trace } from './trace.ts';

const float = (name: string, ...shape: number[]) => ({ name, shape, dtype: 'float32' as const });
const int = (name: string, ...shape: number[]) => ({ name, shape, dtype: 'int32' as const });

/** The graph of one output "y" as lines. */
function lines(fn: (x: tf.Tensor) => tf.Tensor, ...shape: number[]): string[] {
  const graph = trace(({ inputs }) => new Map([['y', fn(inputs.get('x')!)]]), [float('x', ...shape)]);
  return printGraph(graph).split('\n');
}

test('records a function and its gradient', () => {
  const graph = trace(
    ({ inputs }) => {
      const [x, w] = [inputs.get('x') as tf.Tensor2D, inputs.get('w') as tf.Tensor2D];
      const loss = (weight: tf.Tensor): tf.Scalar => tf.sum(tf.square(tf.matMul(x, weight as tf.Tensor2D)));
      const { value, grads } = tf.valueAndGrads(loss)([w]);
      return new Map<string, tf.Tensor>([
        ['loss', value],
        ['gradient', grads[0]!],
      ]);
    },
    [float('x', 4, 3), float('w', 3, 2)],
  );
  expect(printGraph(graph).split('\n')).toEqual([
    '%0 = input "x" float32[4, 3]',
    '%1 = input "w" float32[3, 2]',
    '%2 = constant float32[] (1)',
    '%3 = constant float32[] (2)',
    '%4 = BatchMatMul{transposeA=false, transposeB=false} %0 %1 : float32[4, 2]',
    '%5 = Square %4 : float32[4, 2]',
    '%6 = Sum{axes=[0, 1], keepDims=false} %5 : float32[]',
    '%7 = Reshape{shape=[1, 1]} %2 : float32[1, 1]',
    '%8 = Fill{dtype=float32, shape=[4, 2], value=1} : float32[4, 2]',
    '%9 = Multiply %7 %8 : float32[4, 2]',
    '%10 = Multiply %4 %3 : float32[4, 2]',
    '%11 = Multiply %9 %10 : float32[4, 2]',
    '%12 = BatchMatMul{transposeA=true, transposeB=false} %0 %11 : float32[3, 2]',
    'output "loss" = %6',
    'output "gradient" = %12',
  ]);
});

test('records kernels in disguise as what they are', () => {
  expect(lines((x) => tf.stack([x, tf.zerosLike(x)], 1), 2)).toEqual([
    '%0 = input "x" float32[2]',
    '%1 = Fill{dtype=float32, shape=[2], value=0} : float32[2]',
    '%2 = Reshape{shape=[2, 1]} %0 : float32[2, 1]',
    '%3 = Reshape{shape=[2, 1]} %1 : float32[2, 1]',
    '%4 = Concat{axis=1} %2 %3 : float32[2, 2]',
    'output "y" = %4',
  ]);
  expect(lines((x) => tf.unstack(x)[1]!, 2, 3)).toEqual([
    '%0 = input "x" float32[2, 3]',
    '%1, %2 = SplitV{axis=0, sizes=[1, 1]} %0 : float32[1, 3], float32[1, 3]',
    '%3 = Reshape{shape=[3]} %2 : float32[3]',
    'output "y" = %3',
  ]);
  expect(lines((x) => tf.broadcastTo(x, [4, 3]), 3).slice(1)).toEqual([
    '%1 = Reshape{shape=[1, 3]} %0 : float32[1, 3]',
    '%2 = BroadcastTo{shape=[4, 3]} %1 : float32[4, 3]',
    'output "y" = %2',
  ]);
});

test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
  ['clone', (x) => tf.clone(x)],
  ['cast to its own dtype', (x) => tf.cast(x, 'float32')],
  ['reshape to its own shape', (x) => tf.reshape(x, [2, -1])],
  ['transpose of nothing', (x) => tf.transpose(x, [0, 1])],
  ['slice of everything', (x) => tf.slice(x, [0, 0], [2, 3])],
  ['tile once', (x) => tf.tile(x, [1, 1])],
  ['split in one', (x) => tf.split(x, 1)[0]!],
  ['concat of one', (x) => tf.concat([x])],
])('records nothing for a %s', (_what, fn) => {
  expect(lines(fn, 2, 3)).toEqual(['%0 = input "x" float32[2, 3]', 'output "y" = %0']);
});

test('inputs may be declared while tracing, once or again', () => {
  const graph = trace(
    ({ inputs, declare }) =>
      new Map([['y', tf.add(tf.mul(inputs.get('x')!, declare(float('noise', 2))), declare(float('noise', 2)))]]),
    [float('x', 2), float('unused', 7)],
  );
  expect(graph.inputs.map(({ name }) => name)).toEqual(['x', 'noise']);
});

test('a tensor made outside becomes a constant and stays where it is', async () => {
  await tf.setBackend('cpu');
  const outside = tf.tensor1d([1, Number.NaN, -0]);
  expect(lines((x) => tf.add(x, outside), 3)).toEqual([
    '%0 = input "x" float32[3]',
    '%1 = constant float32[3] (1, NaN, -0)',
    '%2 = Add %0 %1 : float32[3]',
    'output "y" = %2',
  ]);
  expect([...outside.dataSync()]).toEqual([1, Number.NaN, -0]);
  outside.dispose();
});

test('leaves no tensors, no backend and the old one active', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory();
  lines((x) => tf.grad((y: tf.Tensor) => tf.sum(tf.relu(tf.add(y, 1))))(x), 3);
  expect(() => lines((x) => tf.scalar(x.dataSync()[0]!), 3)).toThrow("trace: a tensor's value was read");
  expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
  expect(tf.getBackend()).toBe('cpu');
  expect(tf.findBackend('attune-trace')).toBeNull();
});

describe('refuses', () => {
  test.each<[string, (x: tf.Tensor) => tf.Tensor, string]>([
    [
      'to read a value',
      (x) => tf.scalar(x.dataSync()[0]!),
      "trace: a tensor's value was read (reached from trace/trace.test.ts); a step is recorded before any value " +
        'exists; return the tensor as an output, or compute the value outside the step',
    ],
    [
      'a kernel without a rule, naming it and where it came from',
      (x) => tf.einsum('i,i->', x, x),
      'trace: kernel "Einsum" has no rule (op "einsum", reached from trace/trace.test.ts); compute it outside the ' +
        'step, or add a rule for it',
    ],
    [
      'a kernel whose result has a shape that depends on values',
      (x) => tf.unique(x).values,
      'trace: kernel "Unique" has a result whose shape depends on values (op "unique", reached from ' +
        'trace/trace.test.ts); the shapes of a step are fixed when it is recorded; keep the full shape and choose by ' +
        'a mask (tf.where), or compute it outside the step',
    ],
    [
      'random numbers',
      (x) => tf.dropout(x, 0.5),
      'trace: random numbers were drawn (op "dropout", reached from trace/trace.test.ts); they would be the same in ' +
        'every run; give them to the step as an input',
    ],
    [
      'a division whose dtype depends on the backend',
      (x) => tf.floorDiv(x, 2),
      'trace: tf.floorDiv of floats has no rule (op "floorDiv", reached from trace/trace.test.ts); use ' +
        'tf.floor(tf.div(a, b))',
    ],
    [
      'a largest element of none',
      (x) => tf.max(tf.slice(x, 0, 0)),
      'trace: kernel "Max" over axes [0] of [0] has no elements to reduce (op "max", reached from ' +
        'trace/trace.test.ts); leave out the empty tensor',
    ],
    [
      'a gather that has no rule',
      (x) => tf.gather(tf.reshape(x, [1, 1, 3]), tf.tensor2d([[0]], [1, 1], 'int32'), 2, 1),
      'trace: kernel "GatherV2" with axis 2 and batchDims 1 has no rule (op "gather", reached from ' +
        'trace/trace.test.ts); batchDims must be 0 or equal to the axis; transpose x first',
    ],
    [
      'complex numbers',
      (x) => tf.real(tf.complex(x, x)),
      'trace: kernel "Complex" has no rule (op "complex", reached from trace/trace.test.ts); compute it outside the ' +
        'step, or add a rule for it',
    ],
    [
      'strings',
      () => tf.tensor1d(['a']),
      'trace: dtype string cannot be recorded (reached from trace/trace.test.ts); use float32, int32 or bool',
    ],
  ])('%s', (_what, fn, message) => {
    expect(() => lines(fn, 3)).toThrow(expect.objectContaining({ name: 'TraceError', message }));
  });

  test('an op that waits for values to know its shape', async () => {
    const pending: Promise<tf.Tensor>[] = [];
    lines((x) => {
      pending.push(tf.booleanMaskAsync(x, tf.greater(x, 0)));
      return x;
    }, 3);
    await expect(pending[0]).rejects.toThrow(
      'trace: op "booleanMaskAsync" has a result whose shape depends on values (reached from trace/trace.test.ts); ' +
        'the shapes of a step are fixed when it is recorded; keep the full shape and choose by a mask (tf.where), or ' +
        'compute it outside the step',
    );
  });

  test('an input declared again differently', () => {
    const again = () => trace(({ declare }) => new Map([['y', declare(int('x', 3))]]), [float('x', 2)]);
    expect(again).toThrow('trace: input "x" is float32[2] and was asked for again as int32[3]');
  });

  test('an output that was disposed', () => {
    const disposed = (x: tf.Tensor): tf.Tensor => {
      const y = tf.neg(x);
      y.dispose();
      return y;
    };
    expect(() => lines(disposed, 3)).toThrow('trace: output "y" was disposed before the function returned');
  });
});
