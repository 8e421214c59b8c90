import { evaluationContext, type ForwardCall, type Model, type StepArguments, type Tensors } from '@attune/core';
import * as tf from '@tensorflow/tfjs';
import type { ParityCase } from './parity-case.ts';

/**
 * What the reference implementation's fixture has, as one step: hidden states, logits, loss, the gradient of every
 * parameter, and `rows`, the last hidden states of the positions in the batch's `rows`.
 */
export function parityStep(of: ParityCase): (step: StepArguments) => { readonly outputs: Tensors } {
  return ({ state, batch }) => {
    const names = [...state.keys()];
    const loss = (...given: tf.Tensor[]): tf.Scalar => {
      const parameters = new Map(names.map((name, index) => [name, given[index]!]));
      return forward(of, parameters, batch).get('loss') as tf.Scalar;
    };
    const gradients = tf.grads(loss)([...state.values()]);
    const named = names.map((name, index) => [`gradients.${name}`, gradients[index]!] as const);
    return { outputs: new Map([...forward(of, state, batch), ...named]) };
  };
}

/** All outputs but the gradients. */
function forward(of: ParityCase, parameters: Tensors, batch: Tensors): Tensors {
  const { model } = of;
  const call: ForwardCall = { parameters, inputs: inputsOf(batch), hooks: {}, context: evaluationContext };
  const { hiddenStates, last } = model.encode(call);
  const mask = tf.expandDims(tf.cast(taken(batch, 'attentionMask'), 'float32'), 2);
  const all = of.sequenceHead?.logits(call) ?? tf.mul(vocabularyLogits(model, last, parameters), mask);
  const logits = of.head === 'choice' ? tf.reshape(all, [taken(batch, 'labels').shape[0]!, -1]) : all;
  return new Map<string, tf.Tensor>([
    ...hiddenStates.map((hidden, index) => [`hidden_states.${index}`, tf.mul(hidden, mask)] as const),
    ['logits', logits],
    ['loss', crossEntropy(logits, labelsOf(of, batch))],
    ['rows', model.encodeRows({ ...call, rows: taken(batch, 'rows') as tf.Tensor2D })],
  ]);
}

function inputsOf(batch: Tensors): ForwardCall['inputs'] {
  const input = (name: string) => taken(batch, name) as tf.Tensor2D;
  const positions = batch.get('positions') as tf.Tensor2D | undefined;
  return {
    inputIds: input('inputIds'),
    tokenTypeIds: input('tokenTypeIds'),
    attentionMask: input('attentionMask'),
    ...(positions === undefined ? {} : { positions }),
  };
}

/** [batch, length, vocabSize] */
function vocabularyLogits(model: Model, last: tf.Tensor3D, parameters: Tensors): tf.Tensor {
  const [batchSize, length, hiddenSize] = last.shape;
  const hidden = tf.reshape(last, [batchSize * length, hiddenSize]) as tf.Tensor2D;
  return tf.reshape(model.languageModelLogits({ hidden, parameters }), [batchSize, length, model.vocabSize]);
}

/** A causal model answers at each position for the next one; after the last there is nothing, -100. */
function labelsOf({ head, model }: ParityCase, batch: Tensors): tf.Tensor {
  const labels = taken(batch, 'labels');
  if (head !== 'language-model' || model.languageModel === 'masked') return labels;
  const [batchSize = 0, length = 0] = labels.shape;
  return tf.concat([tf.slice(labels, [0, 1], [batchSize, length - 1]), tf.fill([batchSize, 1], -100, 'int32')], 1);
}

/** Mean over the labels that are not -100 of -log softmax(logits)[label]. */
function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const labelled = tf.cast(tf.notEqual(labels, tf.scalar(-100, 'int32')), 'float32');
  const targets = tf.oneHot(labels as tf.Tensor1D, logits.shape.at(-1)!); // A row of zeros for -100.
  const log = tf.sum(tf.mul(tf.logSoftmax(logits), targets), -1);
  return tf.neg(tf.div(tf.sum(tf.mul(log, labelled)), tf.sum(labelled)));
}

function taken(batch: Tensors, name: string): tf.Tensor {
  const tensor = batch.get(name);
  if (tensor === undefined) throw new Error(`parity: expected a tensor "${name}", got ${[...batch.keys()].join(', ')}`);
  return tensor;
}
