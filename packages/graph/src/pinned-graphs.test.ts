import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { printGraph } from './print-graph.ts';
import { type InputSpec, trace } from './trace/trace.ts';

const float = (name: string, ...shape: number[]): InputSpec => ({ name, shape, dtype: 'float32' });
const int = (name: string, ...shape: number[]): InputSpec => ({ name, shape, dtype: 'int32' });

type Loss = (x: readonly tf.Tensor[], ids: tf.Tensor) => tf.Tensor;

/** A loss and its gradient for each float input, as it is recorded. A changed gradient shows as changed lines. */
function lossAndGradients(loss: Loss, specs: readonly InputSpec[]): string {
  const graph = trace(({ inputs }) => {
    const floats = specs.filter(({ dtype }) => dtype === 'float32').map(({ name }) => name);
    const ids = specs.find(({ dtype }) => dtype === 'int32');
    const run = (...x: tf.Tensor[]): tf.Scalar => loss(x, ids ? inputs.get(ids.name)! : tf.scalar(0)) as tf.Scalar;
    const { value, grads } = tf.valueAndGrads(run)(floats.map((name) => inputs.get(name)!));
    return new Map([['loss', value], ...grads.map((grad, index) => [`d ${floats[index]}`, grad] as const)]);
  }, specs);
  return printGraph(graph);
}

test('a linear layer', () => {
  const loss: Loss = ([x, weight, bias]) => tf.sum(tf.add(tf.matMul(x!, weight!, false, true), bias!));
  expect(lossAndGradients(loss, [float('x', 4, 3), float('weight', 2, 3), float('bias', 2)])).toMatchInlineSnapshot(`
    "%0 = input "x" float32[4, 3]
    %1 = input "weight" float32[2, 3]
    %2 = input "bias" float32[2]
    %3 = constant float32[] (1)
    %4 = BatchMatMul{transposeA=false, transposeB=true} %0 %1 : float32[4, 2]
    %5 = Add %4 %2 : float32[4, 2]
    %6 = Sum{axes=[0, 1], keepDims=false} %5 : float32[]
    %7 = Reshape{shape=[1, 1]} %3 : float32[1, 1]
    %8 = Fill{dtype=float32, shape=[4, 2], value=1} : float32[4, 2]
    %9 = Multiply %7 %8 : float32[4, 2]
    %10 = Sum{axes=[0], keepDims=false} %9 : float32[2]
    %11 = BatchMatMul{transposeA=false, transposeB=false} %9 %1 : float32[4, 3]
    %12 = BatchMatMul{transposeA=true, transposeB=false} %9 %0 : float32[2, 3]
    output "loss" = %6
    output "d x" = %11
    output "d weight" = %12
    output "d bias" = %10"
  `);
});

test('softmax cross-entropy', () => {
  const loss: Loss = ([logits], labels) =>
    tf.neg(tf.mean(tf.sum(tf.mul(tf.oneHot(labels as tf.Tensor1D, 3), tf.logSoftmax(logits!)), -1)));
  expect(lossAndGradients(loss, [float('logits', 4, 3), int('labels', 4)])).toMatchInlineSnapshot(`
    "%0 = input "logits" float32[4, 3]
    %1 = input "labels" int32[4]
    %2 = constant float32[] (1)
    %3 = constant float32[] (4)
    %4 = OneHot{depth=3, dtype=int32, offValue=0, onValue=1} %1 : int32[4, 3]
    %5 = Max{axes=[1], keepDims=true} %0 : float32[4, 1]
    %6 = Sub %0 %5 : float32[4, 3]
    %7 = Exp %6 : float32[4, 3]
    %8 = Sum{axes=[1], keepDims=true} %7 : float32[4, 1]
    %9 = Log %8 : float32[4, 1]
    %10 = Sub %6 %9 : float32[4, 3]
    %11 = Cast{dtype=float32} %4 : float32[4, 3]
    %12 = Multiply %11 %10 : float32[4, 3]
    %13 = Sum{axes=[1], keepDims=false} %12 : float32[4]
    %14 = Mean{axes=[0], keepDims=false} %13 : float32[]
    %15 = Neg %14 : float32[]
    %16 = Neg %2 : float32[]
    %17 = Reshape{shape=[1]} %16 : float32[1]
    %18 = Fill{dtype=float32, shape=[4], value=1} : float32[4]
    %19 = Multiply %17 %18 : float32[4]
    %20 = RealDiv %19 %3 : float32[4]
    %21 = Reshape{shape=[4, 1]} %20 : float32[4, 1]
    %22 = Fill{dtype=float32, shape=[4, 3], value=1} : float32[4, 3]
    %23 = Multiply %21 %22 : float32[4, 3]
    %24 = Multiply %23 %11 : float32[4, 3]
    %25 = Exp %10 : float32[4, 3]
    %26 = Sum{axes=[1], keepDims=true} %24 : float32[4, 1]
    %27 = Multiply %26 %25 : float32[4, 3]
    %28 = Sub %24 %27 : float32[4, 3]
    output "loss" = %15
    output "d logits" = %28"
  `);
});

test('an embedding', () => {
  const loss: Loss = ([table], inputIds) => tf.sum(tf.square(tf.gather(table!, inputIds as tf.Tensor2D)));
  expect(lossAndGradients(loss, [float('table', 9, 2), int('inputIds', 3, 4)])).toMatchInlineSnapshot(`
    "%0 = input "table" float32[9, 2]
    %1 = input "inputIds" int32[3, 4]
    %2 = constant float32[] (1)
    %3 = constant float32[] (2)
    %4 = GatherV2{axis=0, batchDims=0} %0 %1 : float32[3, 4, 2]
    %5 = Square %4 : float32[3, 4, 2]
    %6 = Sum{axes=[0, 1, 2], keepDims=false} %5 : float32[]
    %7 = Reshape{shape=[1, 1, 1]} %2 : float32[1, 1, 1]
    %8 = Fill{dtype=float32, shape=[3, 4, 2], value=1} : float32[3, 4, 2]
    %9 = Multiply %7 %8 : float32[3, 4, 2]
    %10 = Multiply %4 %3 : float32[3, 4, 2]
    %11 = Multiply %9 %10 : float32[3, 4, 2]
    %12 = Reshape{shape=[12, 2]} %11 : float32[12, 2]
    %13 = Reshape{shape=[12]} %1 : int32[12]
    %14 = UnsortedSegmentSum{numSegments=9} %12 %13 : float32[9, 2]
    output "loss" = %6
    output "d table" = %14"
  `);
});

test('layer norm', () => {
  const loss: Loss = ([x, weight, bias]) => {
    const centred = tf.sub(x!, tf.mean(x!, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    return tf.sum(tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-12))), weight!), bias!));
  };
  expect(lossAndGradients(loss, [float('x', 4, 3), float('weight', 3), float('bias', 3)])).toMatchInlineSnapshot(`
    "%0 = input "x" float32[4, 3]
    %1 = input "weight" float32[3]
    %2 = input "bias" float32[3]
    %3 = constant float32[] (9.999999960041972e-13)
    %4 = constant float32[] (1)
    %5 = constant float32[] (1.5)
    %6 = constant float32[] (2)
    %7 = constant float32[] (3)
    %8 = Mean{axes=[1], keepDims=true} %0 : float32[4, 1]
    %9 = Sub %0 %8 : float32[4, 3]
    %10 = Square %9 : float32[4, 3]
    %11 = Mean{axes=[1], keepDims=true} %10 : float32[4, 1]
    %12 = Add %11 %3 : float32[4, 1]
    %13 = Rsqrt %12 : float32[4, 1]
    %14 = Multiply %9 %13 : float32[4, 3]
    %15 = Multiply %14 %1 : float32[4, 3]
    %16 = Add %15 %2 : float32[4, 3]
    %17 = Sum{axes=[0, 1], keepDims=false} %16 : float32[]
    %18 = Reshape{shape=[1, 1]} %4 : float32[1, 1]
    %19 = Fill{dtype=float32, shape=[4, 3], value=1} : float32[4, 3]
    %20 = Multiply %18 %19 : float32[4, 3]
    %21 = Sum{axes=[0], keepDims=false} %20 : float32[3]
    %22 = Multiply %20 %1 : float32[4, 3]
    %23 = Multiply %20 %14 : float32[4, 3]
    %24 = Sum{axes=[0], keepDims=false} %23 : float32[3]
    %25 = Multiply %22 %13 : float32[4, 3]
    %26 = Multiply %22 %9 : float32[4, 3]
    %27 = Sum{axes=[1], keepDims=false} %26 : float32[4]
    %28 = Reshape{shape=[4, 1]} %27 : float32[4, 1]
    %29 = Pow %12 %5 : float32[4, 1]
    %30 = Multiply %29 %6 : float32[4, 1]
    %31 = RealDiv %28 %30 : float32[4, 1]
    %32 = Neg %31 : float32[4, 1]
    %33 = Multiply %32 %19 : float32[4, 3]
    %34 = RealDiv %33 %7 : float32[4, 3]
    %35 = Multiply %9 %6 : float32[4, 3]
    %36 = Multiply %34 %35 : float32[4, 3]
    %37 = Add %25 %36 : float32[4, 3]
    %38 = Sum{axes=[1], keepDims=false} %37 : float32[4]
    %39 = Neg %38 : float32[4]
    %40 = Reshape{shape=[4, 1]} %39 : float32[4, 1]
    %41 = Multiply %40 %19 : float32[4, 3]
    %42 = RealDiv %41 %7 : float32[4, 3]
    %43 = Add %37 %42 : float32[4, 3]
    output "loss" = %17
    output "d x" = %43
    output "d weight" = %24
    output "d bias" = %21"
  `);
});

test('one step of an LSTM cell', () => {
  const graph = trace(
    ({ inputs }) => {
      const [x, cell, hidden, kernel] = ['x', 'cell', 'hidden', 'kernel'].map(
        (name) => inputs.get(name) as tf.Tensor2D,
      );
      const bias = inputs.get('bias') as tf.Tensor1D;
      const [nextCell, nextHidden] = tf.basicLSTMCell(1, kernel!, bias, x!, cell!, hidden!);
      return new Map([
        ['cell', nextCell],
        ['hidden', nextHidden],
      ]);
    },
    [float('x', 2, 3), float('cell', 2, 4), float('hidden', 2, 4), float('kernel', 7, 16), float('bias', 16)],
  );
  expect(printGraph(graph)).toMatchInlineSnapshot(`
    "%0 = input "x" float32[2, 3]
    %1 = input "cell" float32[2, 4]
    %2 = input "hidden" float32[2, 4]
    %3 = input "kernel" float32[7, 16]
    %4 = input "bias" float32[16]
    %5 = constant float32[] (1)
    %6 = Concat{axis=1} %0 %2 : float32[2, 7]
    %7 = BatchMatMul{transposeA=false, transposeB=false} %6 %3 : float32[2, 16]
    %8 = Add %7 %4 : float32[2, 16]
    %9 = Slice{begin=[0, 0], size=[2, 4]} %8 : float32[2, 4]
    %10 = Slice{begin=[0, 4], size=[2, 4]} %8 : float32[2, 4]
    %11 = Slice{begin=[0, 8], size=[2, 4]} %8 : float32[2, 4]
    %12 = Slice{begin=[0, 12], size=[2, 4]} %8 : float32[2, 4]
    %13 = Sigmoid %9 : float32[2, 4]
    %14 = Tanh %10 : float32[2, 4]
    %15 = Multiply %13 %14 : float32[2, 4]
    %16 = Add %5 %11 : float32[2, 4]
    %17 = Sigmoid %16 : float32[2, 4]
    %18 = Multiply %1 %17 : float32[2, 4]
    %19 = Add %15 %18 : float32[2, 4]
    %20 = Tanh %19 : float32[2, 4]
    %21 = Sigmoid %12 : float32[2, 4]
    %22 = Multiply %20 %21 : float32[2, 4]
    output "cell" = %19
    output "hidden" = %22"
  `);
});
