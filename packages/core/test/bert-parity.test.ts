import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Closeness, expectAllClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitValues } from '../src/checkpoint/fit-values.ts';
import { readSafetensors } from '../src/checkpoint/read-safetensors.ts';
import { writeSafetensors } from '../src/checkpoint/write-safetensors.ts';
import type { HostTensor, HostTensors, Tensors } from '../src/contracts/tensors.ts';
import { createBert } from '../src/models/bert/bert.ts';
import { parseBertConfig } from '../src/models/bert/config.ts';
import { evaluationContext } from '../src/models/evaluation-context.ts';
import { randomSource } from '../src/random/create-random-source.ts';
import { fromTensor, toTensor, toTensors } from '../src/tensor/host-tensor.ts';
import { inScope } from './in-scope.ts';

const file = (name: string) => readFileSync(fileURLToPath(new URL(`fixtures/bert/${name}`, import.meta.url)));
const json = (name: string) => JSON.parse(file(name).toString('utf8'));
const tensors = (name: string) => readSafetensors(file(name), name).tensors;

const tolerance: Closeness = json('manifest.json').tolerance;
const reference = tensors('reference.safetensors');
const model = createBert(parseBertConfig(json('config.json')));
const { values, notes } = fitValues({
  model,
  stored: tensors('model.safetensors'),
  random: randomSource(0),
  where: 'fixture',
});

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function input(name: string): tf.Tensor2D {
  return toTensor(reference.get(`inputs.${name}`)!) as tf.Tensor2D;
}

function expected(...names: string[]): HostTensors {
  return new Map(names.map((name) => [name, reference.get(name)!]));
}

function forward(parameters: Tensors) {
  const inputs = {
    inputIds: input('input_ids'),
    tokenTypeIds: input('token_type_ids'),
    attentionMask: input('attention_mask'),
  };
  const head = model.sequenceHead('classification', model.hiddenSize);
  const identity = new Map<string, tf.Tensor>([
    ['classifier.weight', tf.eye(model.hiddenSize)],
    ['classifier.bias', tf.zeros([model.hiddenSize])],
  ]);
  const { last, hiddenStates } = model.encode({ parameters, inputs, hooks: {}, context: evaluationContext });
  const rows = tf.reshape(last, [-1, model.hiddenSize]) as tf.Tensor2D;
  const logits = model.languageModelLogits({ hidden: rows, parameters });
  return {
    hiddenStates,
    pooled: head.logits({
      parameters: new Map([...parameters, ...identity]),
      inputs,
      hooks: {},
      context: evaluationContext,
    }),
    logits: tf.reshape(logits, [...last.shape.slice(0, 2), -1]),
  };
}

/** Mean cross-entropy over the labelled positions; -100 marks the others, as in the fixture's generator. */
function maskedLanguageModelLoss(logits: tf.Tensor): tf.Scalar {
  const labels = input('labels');
  const labelled = tf.cast(tf.notEqual(labels, -100), 'float32');
  const targets = tf.oneHot(labels, model.vocabSize); // A row of zeros for -100.
  const taken = tf.sum(tf.mul(tf.logSoftmax(logits), targets), -1);
  return tf.neg(tf.div(tf.sum(tf.mul(taken, labelled)), tf.sum(labelled)));
}

function objective(parameters: Tensors) {
  const { hiddenStates, pooled, logits } = forward(parameters);
  const loss = maskedLanguageModelLoss(logits);
  const weighting = tf.reshape(tf.linspace(-1, 1, pooled.size), pooled.shape);
  const total = tf.add(loss, tf.sum(tf.mul(pooled, weighting))) as tf.Scalar;
  return { hiddenStates, pooled, logits, loss, total };
}

describe('BERT beside the reference implementation', () => {
  it('computes hidden states, pooled output, logits and loss', () => {
    const actual = inScope(() => {
      const { hiddenStates, pooled, logits, loss, total } = objective(toTensors(values));
      const layers = hiddenStates.map((hidden, index) => [`hidden_states.${index}`, hidden] as const);
      const named = [...layers, ['pooled', pooled], ['logits', logits], ['loss', loss], ['objective', total]] as const;
      return new Map<string, HostTensor>(named.map(([name, tensor]) => [name, fromTensor(tensor)]));
    });
    expectAllClose(actual, expected(...actual.keys()), tolerance);
    expect(actual.size).toBe(model.numLayers + 5);
  });

  it('computes the gradient of every parameter', () => {
    const actual = inScope(() => {
      const parameters = toTensors(values);
      const names = [...parameters.keys()];
      const gradients = tf.grads((...given: tf.Tensor[]) => {
        return objective(new Map(names.map((name, index) => [name, given[index]!]))).total;
      })([...parameters.values()]);
      return new Map(names.map((name, index) => [`gradients.${name}`, fromTensor(gradients[index]!)]));
    });
    expect(actual.size).toBe(model.parameters.length);
    expectAllClose(
      actual,
      expected(...[...reference.keys()].filter((name) => name.startsWith('gradients.'))),
      tolerance,
    );
  });
});

describe('its checkpoint', () => {
  it('has every parameter of the model, and the next-sentence head besides', () => {
    expect([...values.keys()]).toEqual(model.parameters.map(({ name }) => name));
    expect(notes).toEqual(['not used by the model: cls.seq_relationship.bias, cls.seq_relationship.weight']);
  });

  it('is written by us byte for byte as by the reference implementation', () => {
    for (const name of ['model.safetensors', 'reference.safetensors']) {
      const written = Buffer.from(writeSafetensors(tensors(name)));
      expect(written.equals(file(name)), name).toBe(true);
    }
  });
});
