import { readFileSync } from 'node:fs';
import { type HostTensors, randomSource, type Tensors } from '@attune/base';
import { readSafetensors } from '@attune/checkpoints';
import { createBert, evaluationContext, fromTensor, parseBertConfig, toTensor, toTensors } from '@attune/core';
import { expectAllClose, expectClose, tensorsUnder } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import manifest from '../test/fixtures/manifest.json' with { type: 'json' };
import { pTuning } from './method.ts';
import { encodePrompts } from './prompt-encoder.ts';

const file = new URL('../test/fixtures/prompt-encoder.safetensors', import.meta.url);
const { tensors: fixture } = readSafetensors(readFileSync(file));
const model = createBert(parseBertConfig(manifest.config));

const part = (path: string) => tensorsUnder(fixture, path);

function attach(options: object) {
  const settings = pTuning.settings.parse({ numVirtualTokens: manifest.numVirtualTokens, ...options });
  const attachment = pTuning.attach({ model, values: new Map(), settings, random: randomSource(0) });
  return { settings, attachment };
}

/** Gradients of the fixture's weighting of `output`, by name. */
function gradients(path: string, output: (parameters: Tensors) => tf.Tensor): HostTensors {
  const values = toTensors(part(`${path}/parameters`));
  const names = [...values.keys()];
  const weights = toTensor(fixture.get(`${path}/output_weights`)!);
  const loss = (...tensors: tf.Tensor[]) =>
    tf.sum(tf.mul(output(new Map(names.map((name, index) => [name, tensors[index]!]))), weights));
  const results = tf.grads(loss)([...values.values()]);
  return new Map(names.map((name, index) => [name, fromTensor(results[index]!)]));
}

describe.each(Object.entries(manifest.cases))('PyTorch, %s', (path, options) => {
  const { settings, attachment } = attach(options);
  const encode = (parameters: Tensors) => encodePrompts({ settings, parameters, context: evaluationContext });

  test('names and shapes', () => {
    const shapes = (tensors: HostTensors) => [...tensors].map(([name, { shape }]) => `${name} [${shape}]`).sort();
    expect(shapes(attachment.initialValues())).toEqual(shapes(part(`${path}/parameters`)));
  });

  test('output', () => {
    const output = encode(toTensors(part(`${path}/parameters`)));
    expectClose(fromTensor(output), fixture.get(`${path}/output`)!, manifest.tolerance);
  });

  test('gradients of every parameter', () => {
    expectAllClose(gradients(path, encode), part(`${path}/gradients`), manifest.tolerance);
  });
});

describe('PyTorch, prompts placed inside a BERT', () => {
  const { attachment } = attach(manifest.cases.lama);
  const backbone = toTensors(part('placed/base'));
  const inputIds = toTensor(fixture.get('placed/inputIds')!) as tf.Tensor2D;
  const inputs = {
    inputIds,
    tokenTypeIds: tf.zerosLike(inputIds),
    attentionMask: tf.onesLike(inputIds),
    virtualTokenIndex: toTensor(fixture.get('placed/virtualTokenIndex')!) as tf.Tensor2D,
  };
  const encode = (prompts: Tensors) => {
    const parameters = new Map([...backbone, ...prompts]);
    return model.encode({ parameters, inputs, hooks: attachment.hooks, context: evaluationContext }).last;
  };

  test('output', () => {
    const output = encode(toTensors(part('placed/parameters')));
    expectClose(fromTensor(output), fixture.get('placed/output')!, manifest.tolerance);
  });

  test('gradients through the model to every parameter of the encoder', () => {
    expectAllClose(gradients('placed', encode), part('placed/gradients'), manifest.tolerance);
  });
});
