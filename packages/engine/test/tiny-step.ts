import type { HostTensor, HostTensors, StepArguments, StepDefinition, StepResult } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';

/** A language model in miniature: embedding, one attention layer with dropout, gelu, layer norm, softmax loss. */
const [vocab, length, hidden, classes] = [11, 5, 8, 3];

const shapes: Readonly<Record<string, readonly number[]>> = {
  embedding: [vocab, hidden],
  query: [hidden, hidden],
  key: [hidden, hidden],
  value: [hidden, hidden],
  gain: [hidden],
  bias: [hidden],
  up: [2 * hidden, hidden],
  down: [hidden, 2 * hidden],
  classifier: [classes, hidden],
};
const names = Object.keys(shapes);

/** Parameters and the two moments of Adam. */
export function initialState(): HostTensors {
  return new Map(
    names.flatMap((name, seed) => {
      const shape = shapes[name]!;
      const values = name === 'gain' ? filled(shape, 1) : wave(shape, seed + 1, 0.4);
      return [
        [name, values],
        [`m:${name}`, filled(shape, 0)],
        [`v:${name}`, filled(shape, 0)],
      ] as [string, HostTensor][];
    }),
  );
}

export function batchOf(size: number): HostTensors {
  const ids = Int32Array.from({ length: size * length }, (_, index) => (index * index * 3) % vocab);
  const labels = Int32Array.from({ length: size }, (_, index) => index % classes);
  return new Map<string, HostTensor>([
    ['ids', { dtype: 'int32', shape: [size, length], data: ids }],
    ['labels', { dtype: 'int32', shape: [size], data: labels }],
    ['learningRate', filled([], 0.01)],
  ]);
}

/** A mask that depends on the site alone. */
export function mask({ shape, rate }: { readonly shape: readonly number[]; readonly rate: number }): Float32Array {
  return wave(shape, 5, 1).data.map((x) => (Math.abs(x) < rate ? 0 : 1 / (1 - rate))) as Float32Array;
}

export const runTrain: StepDefinition['run'] = (step): StepResult => {
  const { value, grads } = tf.valueAndGrads((...parameters: tf.Tensor[]) => loss(parameters, step))(
    names.map((name) => step.state.get(name)!),
  );
  const state = new Map<string, tf.Tensor>();
  for (const [index, name] of names.entries()) {
    adam(step, name, grads[index]!, state);
  }
  return { state, outputs: new Map([['loss', value as tf.Tensor]]) };
};

export const runEvaluate: StepDefinition['run'] = ({ state, batch }) => ({
  outputs: new Map([['probabilities', tf.softmax(forward(state, batch.get('ids')!, (x) => x))]]),
});

function loss(parameters: readonly tf.Tensor[], { batch, noise }: StepArguments): tf.Scalar {
  const named = new Map(names.map((name, index) => [name, parameters[index]!]));
  const dropout = (x: tf.Tensor): tf.Tensor => tf.mul(x, noise({ site: 'hidden', shape: x.shape, rate: 0.2 }));
  const logits = forward(named, batch.get('ids')!, dropout);
  const targets = tf.oneHot(batch.get('labels') as tf.Tensor1D, classes, 1, 0, 'float32');
  return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1)));
}

function forward(
  parameters: ReadonlyMap<string, tf.Tensor>,
  ids: tf.Tensor,
  dropout: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const get = (name: string): tf.Tensor => parameters.get(name)!;
  const size = ids.shape[0]!;
  const x = tf.reshape(tf.gather(get('embedding'), tf.reshape(ids, [-1])), [size, length, hidden]);
  const [query, key, value] = ['query', 'key', 'value'].map((name) => linear(x, get(name)));
  const mask = tf.where(tf.equal(ids, 0), -1e9, 0);
  const scores = tf.add(tf.div(tf.matMul(query!, key!, false, true), Math.sqrt(hidden)), tf.expandDims(mask, 1));
  const attended = normalise(tf.add(x, dropout(tf.matMul(tf.softmax(scores), value!))), get('gain'), get('bias'));
  const fed = tf.add(attended, linear(gelu(linear(attended, get('up'))), get('down')));
  return linear(tf.squeeze(tf.slice(fed, [0, 0, 0], [size, 1, hidden]), [1]), get('classifier'));
}

function linear(x: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  const flat = tf.reshape(x, [-1, x.shape.at(-1)!]);
  return tf.reshape(tf.matMul(flat, weight, false, true), [...x.shape.slice(0, -1), weight.shape[0]!]);
}

function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

function normalise(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), gain), bias);
}

function adam({ state, batch }: StepArguments, name: string, grad: tf.Tensor, next: Map<string, tf.Tensor>): void {
  const m = tf.add(tf.mul(state.get(`m:${name}`)!, 0.9), tf.mul(grad, 0.1));
  const v = tf.add(tf.mul(state.get(`v:${name}`)!, 0.999), tf.mul(tf.square(grad), 0.001));
  const update = tf.div(m, tf.add(tf.sqrt(v), 1e-3));
  next.set(name, tf.sub(state.get(name)!, tf.mul(batch.get('learningRate')!, update)));
  next.set(`m:${name}`, m);
  next.set(`v:${name}`, v);
}

function filled(shape: readonly number[], value: number): HostTensor {
  const size = shape.reduce((product, axis) => product * axis, 1);
  return { dtype: 'float32', shape, data: new Float32Array(size).fill(value) };
}

/** A fixed, irregular sequence within ± scale. */
export function wave(shape: readonly number[], seed: number, scale: number): HostTensor {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const data = Float32Array.from({ length: size }, (_, index) => scale * Math.sin((index + 1) * (seed + 0.7)));
  return { dtype: 'float32', shape, data };
}
