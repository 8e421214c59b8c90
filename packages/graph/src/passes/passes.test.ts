import { expect, test } from 'vitest';
import { GraphBuilder } from '../graph-builder.ts';
import { printGraph } from '../print-graph.ts';
import { eliminateCommonSubexpressions, eliminateDeadCode } from './eliminate.ts';

const scalar = { shape: [], dtype: 'float32' } as const;

/** y = exp(x) + exp(x) with the exponential twice, two equal constants, and a node that nothing reads. */
function wasteful(): GraphBuilder {
  const builder = new GraphBuilder();
  const x = builder.input('x', scalar);
  builder.input('unused', scalar);
  const [first, second] = [Float32Array.of(0.5), Float32Array.of(0.5)].map((data) => builder.constant(scalar, data));
  const [a] = builder.emit('Multiply', [x, first!], {});
  const [b] = builder.emit('Multiply', [x, second!], {});
  builder.emit('Neg', [a!], {});
  builder.output('y', builder.emit('Add', [a!, b!], {})[0]!);
  return builder;
}

test('dead code goes, with the inputs that only it read', () => {
  expect(printGraph(eliminateDeadCode(wasteful().finish())).split('\n')).toEqual([
    '%0 = input "x" float32[]',
    '%1 = constant float32[] (0.5)',
    '%2 = constant float32[] (0.5)',
    '%3 = Multiply %0 %1 : float32[]',
    '%4 = Multiply %0 %2 : float32[]',
    '%5 = Add %3 %4 : float32[]',
    'output "y" = %5',
  ]);
});

test('equal constants and equal expressions become one', () => {
  expect(printGraph(eliminateCommonSubexpressions(wasteful().finish())).split('\n')).toEqual([
    '%0 = input "x" float32[]',
    '%1 = input "unused" float32[]',
    '%2 = constant float32[] (0.5)',
    '%3 = Multiply %0 %2 : float32[]',
    '%4 = Neg %3 : float32[]',
    '%5 = Add %3 %3 : float32[]',
    'output "y" = %5',
  ]);
});

test('expressions with other attributes or other constants stay apart', () => {
  const builder = new GraphBuilder();
  const x = builder.input('x', { shape: [2, 2], dtype: 'float32' });
  for (const axes of [[0], [1]]) {
    builder.output(`sum ${axes}`, builder.emit('Sum', [x], { axes, keepDims: false })[0]!);
  }
  builder.output('zero', builder.constant(scalar, Float32Array.of(0)));
  builder.output('minus zero', builder.constant(scalar, Float32Array.of(-0)));
  expect(printGraph(eliminateCommonSubexpressions(builder.finish())).split('\n')).toEqual([
    '%0 = input "x" float32[2, 2]',
    '%1 = constant float32[] (0)',
    '%2 = constant float32[] (-0)',
    '%3 = Sum{axes=[0], keepDims=false} %0 : float32[2]',
    '%4 = Sum{axes=[1], keepDims=false} %0 : float32[2]',
    'output "sum 0" = %3',
    'output "sum 1" = %4',
    'output "zero" = %1',
    'output "minus zero" = %2',
  ]);
});

test('a builder refuses a constant of another size', () => {
  expect(() => new GraphBuilder().constant({ shape: [3], dtype: 'float32' }, Float32Array.of(1, 2))).toThrow(
    'graph: a constant [3] got 2 elements',
  );
});
