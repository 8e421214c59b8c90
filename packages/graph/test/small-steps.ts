import * as tf from '@tensorflow/tfjs-core';
import type { Graph } from '../src/graph.ts';
import { type InputSpec, trace } from '../src/trace/trace.ts';

type Named = (name: string) => tf.Tensor;

export interface SmallStep {
  /** Trainable parameters by name. */
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly batch: Readonly<Record<string, readonly number[]>>;
  readonly loss: (parameter: Named, batch: Named) => tf.Scalar;
  /** What the gradients go through before the optimiser. */
  readonly adjust?: (gradients: readonly tf.Tensor[]) => tf.Tensor[];
  readonly optimizer?: 'adam' | 'gradient-descent';
}

/** A training step for counting by hand, its ends named as the engine names them. */
export function traceSmallStep({ parameters, batch, loss, adjust, optimizer = 'adam' }: SmallStep): Graph {
  const names = Object.keys(parameters);
  const states = Object.entries(parameters).flatMap(([name, shape]) =>
    (optimizer === 'adam' ? [name, `m:${name}`, `v:${name}`] : [name]).map((state) => spec(`state:${state}`, shape)),
  );
  const inputs = [...states, ...Object.entries(batch).map(([name, shape]) => spec(`batch:${name}`, shape))];
  return trace(({ inputs: given }) => {
    const state: Named = (name) => given.get(`state:${name}`)!;
    const computed = tf.valueAndGrads((...values: tf.Tensor[]) =>
      loss(
        (name) => values[names.indexOf(name)]!,
        (name) => given.get(`batch:${name}`)!,
      ),
    )(names.map(state));
    const gradients = adjust?.(computed.grads) ?? computed.grads;
    const update = optimizer === 'adam' ? adam : descent;
    const next = names.flatMap((name, index) => update(name, { state, gradient: gradients[index]! }));
    return new Map<string, tf.Tensor>([...next, ['output:loss', computed.value]]);
  }, inputs);
}

interface Update {
  readonly state: Named;
  readonly gradient: tf.Tensor;
}

/** 12 operations for each element: 3 for m, 4 for v, 5 for the parameter. */
function adam(name: string, { state, gradient }: Update): [string, tf.Tensor][] {
  const m = tf.add(tf.mul(state(`m:${name}`), 0.9), tf.mul(gradient, 0.1));
  const v = tf.add(tf.mul(state(`v:${name}`), 0.999), tf.mul(tf.square(gradient), 0.001));
  const change = tf.mul(tf.div(m, tf.add(tf.sqrt(v), 1e-8)), 0.01);
  return [
    [`next:${name}`, tf.sub(state(name), change)],
    [`next:m:${name}`, m],
    [`next:v:${name}`, v],
  ];
}

/** 2 operations for each element. */
function descent(name: string, { state, gradient }: Update): [string, tf.Tensor][] {
  return [[`next:${name}`, tf.sub(state(name), tf.mul(gradient, 0.01))]];
}

function spec(name: string, shape: readonly number[]): InputSpec {
  return { name, shape, dtype: 'float32' };
}
