import { readFileSync } from 'node:fs';
import { type HostTensors, randomSource, type Tensors } from '@attune/base';
import { readSafetensors } from '@attune/checkpoints';
import { type Attachment, createBert, evaluationContext, fromTensor, parseBertConfig, toTensors } from '@attune/core';
import { expectAllClose, expectClose, tensorsUnder } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import manifest from '../test/fixtures/manifest.json' with { type: 'json' };
import { lora } from './method.ts';

const { tensors: fixture } = readSafetensors(
  readFileSync(new URL('../test/fixtures/lora.safetensors', import.meta.url)),
);
const model = createBert(parseBertConfig(manifest.config));

const part = (path: string) => tensorsUnder(fixture, path);

function lastHidden(parameters: Tensors, hooks: Attachment['hooks']): tf.Tensor3D {
  const inputs = toTensors(part('inputs'));
  const take = (name: string) => inputs.get(name) as tf.Tensor2D;
  return model.encode({
    parameters,
    inputs: {
      inputIds: take('input_ids'),
      tokenTypeIds: take('token_type_ids'),
      attentionMask: take('attention_mask'),
    },
    hooks,
    context: evaluationContext,
  }).last;
}

describe.each(Object.entries(manifest.cases))('PEFT, %s', (name, options) => {
  const settings = lora.settings.parse({
    rank: options.r,
    alpha: options.lora_alpha,
    useRslora: 'use_rslora' in options,
    targetModules: manifest.targetModules,
  });
  const base = part('base');
  const attachment = lora.attach({ model, values: base, settings, random: randomSource(0) });
  const factors = part(`${name}/factors`);
  const all = new Map([...base, ...factors]);

  test('names and shapes', () => {
    const shapes = (tensors: HostTensors) => [...tensors].map(([key, { shape }]) => `${key} [${shape}]`).sort();
    expect(shapes(attachment.initialValues())).toEqual(shapes(factors));
  });

  test('attached output', () => {
    const output = lastHidden(toTensors(all), attachment.hooks);
    expectClose(fromTensor(output), fixture.get(`${name}/attached`)!, manifest.tolerance);
  });

  test('merged output', () => {
    const output = lastHidden(toTensors(attachment.merge!(all)), {});
    expectClose(fromTensor(output), fixture.get(`${name}/merged`)!, manifest.tolerance);
  });

  test('gradients of A and B', () => {
    const names = [...factors.keys()];
    const [frozen, weights] = [toTensors(base), toTensors(part('inputs')).get('output_weights')!];
    const loss = (...trainable: tf.Tensor[]) => {
      const parameters = new Map([...frozen, ...names.map((key, index) => [key, trainable[index]!] as const)]);
      return tf.sum(tf.mul(lastHidden(parameters, attachment.hooks), weights));
    };
    const gradients = tf.grads(loss)(names.map((key) => toTensors(factors).get(key)!));
    const actual = new Map(names.map((key, index) => [key, fromTensor(gradients[index]!)]));
    expectAllClose(actual, part(`${name}/gradients`), manifest.tolerance);
  });
});
