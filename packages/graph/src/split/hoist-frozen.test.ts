import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { evaluateGraph } from '../evaluate-graph.ts';
import type { Graph } from '../graph.ts';
import { trace } from '../trace/trace.ts';
import type { ConstantData } from '../values.ts';
import { hoistFrozen } from './hoist-frozen.ts';

type Inputs = Readonly<Record<string, tf.Tensor>>;

const EXAMPLES = 3;
const specs = [
  { name: 'frozen:w', shape: [4, 4], dtype: 'float32' as const },
  { name: 'frozen:table', shape: [9, 4], dtype: 'float32' as const },
  { name: 'batch:ids', shape: [EXAMPLES, 2], dtype: 'int32' as const },
  { name: 'batch:x', shape: [EXAMPLES, 2, 4], dtype: 'float32' as const },
  { name: 'batch:rate', shape: [], dtype: 'float32' as const },
  { name: 'state:v', shape: [4, 4], dtype: 'float32' as const },
];

function graphOf(fn: (inputs: Inputs) => tf.Tensor): Graph {
  return trace(({ inputs }) => {
    const named = Object.fromEntries([...inputs].map(([name, tensor]) => [name.split(':')[1]!, tensor]));
    return new Map([['output:y', fn(named)]]);
  }, specs);
}

function hoist(graph: Graph) {
  const frozen = new Set(['frozen:w', 'frozen:table']);
  return hoistFrozen(graph, { numExamples: EXAMPLES, frozen, perExample: new Set(['batch:ids', 'batch:x']) });
}

const rows = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, 4]);
/** Enough arithmetic on x to be worth keeping: a product with a frozen matrix of 4 columns is 8 operations each. */
const layer = ({ x, w }: Inputs): tf.Tensor => tf.relu(tf.matMul(rows(x!), w as tf.Tensor2D));

/** Shapes of what is hoisted. */
const keptShapes = (graph: Graph): (readonly number[])[] =>
  hoist(graph)?.once.outputs.map(({ value }, _index) => hoist(graph)!.once.values[value]!.shape) ?? [];

test('what trains stays in the rest, what does not goes once', () => {
  const graph = graphOf((given) => tf.matMul(layer(given) as tf.Tensor2D, given.v as tf.Tensor2D));
  const { once, rest } = hoist(graph)!;
  expect(once.nodes.map(({ kernel }) => kernel)).toEqual(['Reshape', 'BatchMatMul', 'Relu']);
  expect(rest.nodes.map(({ kernel }) => kernel)).toEqual(['BatchMatMul']);
  expect(rest.inputs.map(({ name }) => name)).toEqual(['state:v', once.outputs[0]!.name]);
});

test('what is read of one layer decides its name, not what else the graph has', () => {
  const trained = graphOf((given) => tf.matMul(layer(given) as tf.Tensor2D, given.v as tf.Tensor2D));
  const other = graphOf((given) => {
    const gradient = tf.matMul(given.v as tf.Tensor2D, given.v as tf.Tensor2D, true);
    return tf.matMul(layer(given) as tf.Tensor2D, gradient);
  });
  expect(hoist(other)!.once).toEqual(hoist(trained)!.once);
});

test('both parts together are the whole', () => {
  const graph = graphOf((given) => {
    const words = tf.gather(given.table!, given.ids as tf.Tensor2D);
    const hidden = tf.add(tf.reshape(words, [-1, 4]), layer(given));
    return tf.mul(tf.matMul(hidden as tf.Tensor2D, given.v as tf.Tensor2D), given.rate!);
  });
  const inputs = new Map<string, ConstantData>(
    specs.map(({ name, shape, dtype }, seed) => {
      const length = shape.reduce((product: number, size) => product * size, 1);
      const numbers = Array.from({ length }, (_, index) => (dtype === 'int32' ? index % 9 : Math.sin(index + seed)));
      return [name, dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers)];
    }),
  );
  const { once, rest } = hoist(graph)!;
  const kept = [...evaluateGraph(once, inputs)].map(([name, { data }]) => [name, data] as const);
  expect(evaluateGraph(rest, new Map([...inputs, ...kept]))).toEqual(evaluateGraph(graph, inputs));
});

test('a value read in two shapes is hoisted once', () => {
  const graph = graphOf((given) => {
    const hidden = layer(given);
    const shaped = tf.reshape(hidden, [EXAMPLES, 2, 4]);
    return tf.add(
      tf.sum(tf.mul(shaped, given.rate!)),
      tf.sum(tf.matMul(hidden as tf.Tensor2D, given.v as tf.Tensor2D)),
    );
  });
  expect(keptShapes(graph)).toEqual([[6, 4]]);
});

describe('keeps', () => {
  test.each<[string, (given: Inputs) => tf.Tensor, number[]]>([
    ['a layer', layer, [6, 4]],
    ['matrices of one example', ({ x }) => tf.matMul(x!, x!, false, true), [3, 2, 2]],
    ['softmax', (given) => tf.softmax(layer(given)), [6, 4]],
    ['heads', (given) => tf.transpose(tf.reshape(layer(given), [3, 2, 2, 2]), [0, 2, 1, 3]), [3, 2, 2, 2]],
    ['a sum over positions', (given) => tf.sum(tf.reshape(layer(given), [3, 2, 4]), 1), [3, 4]],
    ['a first position', (given) => tf.slice(tf.reshape(layer(given), [3, 2, 4]), [0, 0, 0], [3, 1, 4]), [3, 1, 4]],
  ])('%s', (_what, fn, shape) => {
    const graph = graphOf((given) => tf.mul(fn(given), given.rate!));
    expect(keptShapes(graph)).toEqual([shape]);
  });
});

test.each<[string, (x: tf.Tensor, given: Inputs) => tf.Tensor]>([
  ['an activation', (x) => tf.selu(x)],
  ['a function that is rarely used', (x) => tf.atanh(x)],
  ['an activation with a frozen slope', (x, { w }) => tf.prelu(x, tf.slice(w!, [0, 0], [1, 4]))],
])('keeps %s together with the layer under it', (_what, fn) => {
  const { rest } = hoist(graphOf((given) => tf.mul(fn(layer(given), given), given.rate!)))!;
  expect(rest.nodes.map(({ kernel }) => kernel)).toEqual(['Multiply']);
});

describe('does not keep what mixes examples or takes no work:', () => {
  test.each<[string, (given: Inputs) => tf.Tensor]>([
    ['a sum over examples', (given) => tf.sum(layer(given), 0)],
    ['a product on the other side', (given) => tf.matMul(rows(given.x!), rows(given.x!), true)],
    ['reversed examples', (given) => tf.reverse(layer(given), 0)],
    ['a sum along examples', (given) => tf.cumsum(layer(given), 0)],
    ['positions of the batch', (given) => tf.gather(layer(given), tf.range(0, 6, 1, 'int32'))],
    [
      'a constant that differs by example',
      ({ x }) => tf.mul(x!, tf.mul(tf.ones([3, 1, 1]), tf.reshape(tf.range(0, 3), [3, 1, 1]))),
    ],
    ['little arithmetic', ({ x }) => tf.mul(tf.sub(x!, 1), 1e9)],
  ])('%s', (_what, fn) => {
    const graph = graphOf((given) => tf.mul(fn(given), given.rate!));
    const whole = keptShapes(graph);
    // The layer below may be hoisted; the value itself is not, or the product with the rate would be all that is left.
    expect(whole.filter((shape) => shape.join() !== '6,4')).toEqual([]);
    expect((hoist(graph)?.rest ?? graph).nodes.length).toBeGreaterThan(1);
  });
});
