import type { StepArguments, Tensors } from '@attune/base';
import { evaluationContext, type ForwardCall, oneHot } from '@attune/core';
import * as tf from '@tensorflow/tfjs-core';
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
  const logits = logitsOf(of, { ...call, labels: taken(batch, 'labels') }, last);
  return new Map<string, tf.Tensor>([
    ...hiddenStates.map((hidden, index) => [`hidden_states.${index}`, tf.mul(hidden, mask)] as const),
    ['logits', of.head === 'language-model' ? tf.mul(logits, mask) : logits],
    ['loss', lossOf(of, logits, batch)],
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

/** [batch, numLabels], [batch, choices], [batch, length, vocabSize], or [batch, length] of replaced tokens. */
function logitsOf(of: ParityCase, call: ForwardCall & { readonly labels: tf.Tensor }, last: tf.Tensor3D): tf.Tensor {
  const { model, sequenceHead, head } = of;
  const [batchSize, length, hiddenSize] = last.shape;
  const hidden = tf.reshape(last, [batchSize * length, hiddenSize]) as tf.Tensor2D;
  const { parameters } = call;
  switch (head) {
    case 'classification':
      return sequenceHead!.logits(call);
    case 'choice':
      return tf.reshape(sequenceHead!.logits(call), [call.labels.shape[0]!, -1]);
    case 'language-model':
      return tf.reshape(model.languageModelLogits({ hidden, parameters }), [batchSize, length, model.vocabSize]);
    case 'replaced-token': {
      const mask = tf.cast(call.inputs.attentionMask, 'float32');
      return tf.mul(tf.reshape(model.replacedTokenLogits!({ hidden, parameters }), [batchSize, length]), mask);
    }
    default:
      return head satisfies never;
  }
}

function lossOf(of: ParityCase, logits: tf.Tensor, batch: Tensors): tf.Scalar {
  if (of.head !== 'replaced-token') return crossEntropy(logits, labelsOf(of, batch));
  // Mean over real tokens of log(1 + exp(-z)) where a token was replaced, log(1 + exp(z)) where not.
  const sign = tf.sub(1, tf.mul(tf.cast(taken(batch, 'labels'), 'float32'), 2));
  const real = tf.cast(taken(batch, 'attentionMask'), 'float32');
  return tf.div(tf.sum(tf.mul(tf.softplus(tf.mul(logits, sign)), real)), tf.sum(real));
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
  const targets = oneHot(labels, logits.shape.at(-1)!); // A row of zeros for -100.
  const log = tf.sum(tf.mul(tf.logSoftmax(logits), targets), -1);
  return tf.neg(tf.div(tf.sum(tf.mul(log, labelled)), tf.sum(labelled)));
}

function taken(batch: Tensors, name: string): tf.Tensor {
  const tensor = batch.get(name);
  if (tensor === undefined) throw new Error(`parity: expected a tensor "${name}", got ${[...batch.keys()].join(', ')}`);
  return tensor;
}
