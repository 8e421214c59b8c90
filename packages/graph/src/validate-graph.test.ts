import { describe, expect, test } from 'vitest';
import type { Graph } from './graph.ts';
import { validateGraph } from './validate-graph.ts';

const matrix = { shape: [2, 3], dtype: 'float32' } as const;
const column = { shape: [2], dtype: 'float32' } as const;

/** y = sum(-x, over the columns) + 1 */
const valid: Graph = {
  values: [matrix, column, matrix, column, column],
  inputs: [{ name: 'x', value: 0 }],
  constants: [{ value: 1, data: Float32Array.of(1, 1) }],
  nodes: [
    { kernel: 'Neg', inputs: [0], attributes: {}, outputs: [2] },
    { kernel: 'Sum', inputs: [2], attributes: { axes: [1], keepDims: false }, outputs: [3] },
    { kernel: 'Add', inputs: [3, 1], attributes: {}, outputs: [4] },
  ],
  outputs: [{ name: 'y', value: 4 }],
};
const [neg, sum, add] = valid.nodes as [Graph['nodes'][number], Graph['nodes'][number], Graph['nodes'][number]];

test('accepts a graph that keeps its promises', () => {
  expect(() => validateGraph(valid)).not.toThrow();
});

describe('names what breaks a promise', () => {
  test.each<[string, Partial<Graph>, string]>([
    [
      'a value read too early',
      { nodes: [sum, neg, add] },
      '%3 = Sum{axes=[1], keepDims=false} %2 : float32[2]: %2 is read before it is produced',
    ],
    [
      'a value produced twice',
      { nodes: [neg, sum, { ...add, outputs: [3] }] },
      '%3 = Add %3 %1 : float32[2]: %3 is produced twice',
    ],
    [
      'a shape that the rule does not give',
      { values: valid.values.with(4, matrix) },
      '%4 = Add %3 %1 : float32[2, 3]: the rule of Add infers float32[2]',
    ],
    [
      'a value without a shape',
      { nodes: [{ ...neg, outputs: [9] }, sum, add] },
      '%9 = Neg %0 : ?: the rule of Neg infers float32[2, 3]',
    ],
    [
      'a negative axis',
      { nodes: [neg, { kernel: 'Sum', inputs: [2], attributes: { axes: [-1], keepDims: false }, outputs: [3] }, add] },
      '%3 = Sum{axes=[-1], keepDims=false} %2 : float32[2]: axes must be ascending, from 0 to 1',
    ],
    [
      'two outputs of one name',
      { outputs: [valid.outputs[0]!, { name: 'y', value: 3 }] },
      'output "y": the name is taken',
    ],
    ['an output of nothing', { outputs: [{ name: 'y', value: 7 }] }, 'output "y": %7 is never produced'],
    [
      'a constant of another type',
      { constants: [{ value: 1, data: Int32Array.of(1, 1) }] },
      'constant %1: Int32Array of 2 does not fit float32[2]',
    ],
  ])('%s', (_what, change, message) => {
    expect(() => validateGraph({ ...valid, ...change })).toThrow(new RangeError(`graph: ${message}`));
  });
});

test.each<[string, Graph['nodes'][number], string]>([
  [
    'Reshape',
    { kernel: 'Reshape', inputs: [0], attributes: { shape: [7] }, outputs: [1] },
    'shape has 7 elements, the input 6',
  ],
  [
    'Transpose',
    { kernel: 'Transpose', inputs: [0], attributes: { perm: [0, 0] }, outputs: [1] },
    'perm must order the axes from 0 to 1',
  ],
  [
    'Slice',
    { kernel: 'Slice', inputs: [0], attributes: { begin: [1, 0], size: [2, 3] }, outputs: [1] },
    'begin and size leave the input',
  ],
  [
    'SplitV',
    { kernel: 'SplitV', inputs: [0], attributes: { sizes: [1, 1], axis: 1 }, outputs: [1, 2] },
    'sizes must add up to 3',
  ],
  [
    'BatchMatMul',
    { kernel: 'BatchMatMul', inputs: [0, 0], attributes: { transposeA: false, transposeB: false }, outputs: [1] },
    'inner sizes 3 and 2 must be equal',
  ],
  [
    'StridedSlice',
    {
      kernel: 'StridedSlice',
      inputs: [0],
      attributes: { begin: [1, 2], strides: [-1, -1], size: [2, 4] },
      outputs: [1],
    },
    'begin, strides and size leave the input',
  ],
])('checks the attributes of %s', (_kernel, node, message) => {
  const graph = { values: [matrix, matrix, matrix], inputs: valid.inputs, constants: [], nodes: [node], outputs: [] };
  expect(() => validateGraph(graph)).toThrow(message);
});
