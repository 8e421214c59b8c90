import type { HostTensor, HostTensors, PreparedStep, StepDefinition, TensorStore } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../src/contract.ts';
import { wave } from './tiny-step.ts';

/** A frozen embedding and attention layer below a trained layer and head. */
const [vocab, hidden, classes] = [13, 24, 3];
const lengths = [5, 9] as const;
const batchSize = 4;

/** @param seed  other numbers, other frozen weights */
export function frozenValues(seed = 0): HostTensors {
  return new Map([
    ['embedding', wave([vocab, hidden], seed + 1, 1)],
    ['query', wave([hidden, hidden], seed + 2, 0.3)],
    ['value', wave([hidden, hidden], seed + 3, 0.3)],
  ]);
}

function trainedValues(): HostTensors {
  return new Map([
    ['up', wave([hidden, hidden], 4, 0.3)],
    ['head', wave([hidden, classes], 5, 0.3)],
  ]);
}

/** Eight examples of each length. */
const examples = lengths.map((length, which) =>
  Array.from({ length: 8 }, (_, example) => ({
    ids: Int32Array.from({ length }, (_, position) => (3 * example + position * position + which) % vocab),
    label: (example + which) % classes,
  })),
);

/** Batches of one length each, in another order, place and company every epoch. */
export function epochs(count: number): HostTensors[] {
  return Array.from({ length: count }, (_, epoch) =>
    examples.flatMap((some) => {
      const order = some.map((_, place) => some[(5 * place + 3 * epoch + (epoch % 2) * place * 4) % some.length]!);
      return [order.slice(0, batchSize), order.slice(batchSize)].map(collate);
    }),
  ).flat();
}

function collate(batch: readonly { readonly ids: Int32Array; readonly label: number }[]): HostTensors {
  const ids = Int32Array.from(batch.flatMap((example) => [...example.ids]));
  return new Map<string, HostTensor>([
    ['ids', { dtype: 'int32', shape: [batch.length, ids.length / batch.length], data: ids }],
    ['labels', { dtype: 'int32', shape: [batch.length], data: Int32Array.from(batch, ({ label }) => label) }],
  ]);
}

type Named = ReadonlyMap<string, tf.Tensor>;

function logits(frozen: Named, trained: Named, ids: tf.Tensor): tf.Tensor {
  const [size, length] = ids.shape as [number, number];
  const x = tf.reshape(tf.gather(frozen.get('embedding')!, tf.reshape(ids, [-1])), [size, length, hidden]);
  const scores = tf.matMul(linear(x, frozen.get('query')!), x, false, true);
  const attended = tf.add(x, tf.matMul(tf.softmax(scores), linear(x, frozen.get('value')!)));
  const fed = tf.mean(tf.relu(linear(attended, trained.get('up')!)), 1);
  return tf.matMul(fed as tf.Tensor2D, trained.get('head') as tf.Tensor2D);
}

function linear(x: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  const flat = tf.reshape(x, [-1, hidden]) as tf.Tensor2D;
  return tf.reshape(tf.matMul(flat, weight as tf.Tensor2D), x.shape);
}

const train: StepDefinition['run'] = ({ state, frozen, batch }) => {
  const names = [...state.keys()];
  const targets = tf.oneHot(batch.get('labels') as tf.Tensor1D, classes, 1, 0, 'float32');
  const loss = (...trained: tf.Tensor[]): tf.Scalar => {
    const named = new Map(names.map((name, index) => [name, trained[index]!]));
    return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits(frozen, named, batch.get('ids')!))), -1)));
  };
  const { value, grads } = tf.valueAndGrads(loss)([...state.values()]);
  const next = names.map((name, index) => [name, tf.sub(state.get(name)!, tf.mul(0.1, grads[index]!))] as const);
  return { state: new Map(next), outputs: new Map<string, tf.Tensor>([['loss', value]]) };
};

const evaluate: StepDefinition['run'] = ({ state, frozen, batch }) => ({
  outputs: new Map([['logits', logits(frozen, state, batch.get('ids')!)]]),
});

interface FrozenStep {
  readonly state: TensorStore;
  readonly train: PreparedStep;
  readonly evaluate: PreparedStep;
  dispose(): void;
}

export interface FrozenStepOptions {
  readonly frozen?: HostTensors;
  /** Nothing is trained: all weights are frozen. */
  readonly trainsNothing?: boolean;
}

export function openFrozenStep(engine: Engine, { frozen, trainsNothing = false }: FrozenStepOptions = {}): FrozenStep {
  const below = frozen ?? frozenValues();
  const state = engine.createStore(trainsNothing ? new Map() : trainedValues());
  const store = engine.createStore(trainsNothing ? new Map([...below, ...trainedValues()]) : below);
  const prepare = (name: string, run: StepDefinition['run']) =>
    engine.prepare({ name, run, state, frozen: store, perExample: ['ids'] });
  const steps = {
    train: prepare('train', train),
    evaluate: prepare('evaluate', trainsNothing ? (step) => evaluate({ ...step, state: step.frozen }) : evaluate),
  };
  return {
    ...{ state, ...steps },
    dispose() {
      for (const owned of [steps.train, steps.evaluate, state, store]) owned.dispose();
    },
  };
}
