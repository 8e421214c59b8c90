import { type NoiseRequest, randomSource } from '@attune/base';
import type { ForwardContext } from '@attune/core';
import { tinyBert } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { lora } from './method.ts';

const { model, values } = tinyBert();
const query = 'bert.encoder.layer.1.attention.self.query';

function attach(settings: object) {
  return lora.attach({ model, values, settings: lora.settings.parse(settings), random: randomSource(0) });
}

/** Noise that the hook asks for at a projection. */
function noiseAsked(settings: object, call: { readonly name: string; readonly training: boolean }): NoiseRequest[] {
  const asked: NoiseRequest[] = [];
  const noise = (request: NoiseRequest) => {
    asked.push(request);
    return tf.ones([...request.shape]);
  };
  const context: ForwardContext = { training: call.training, firstNoisyLayer: 0, noise };
  const parameters = new Map([
    [`${call.name}.lora_A.weight`, tf.zeros([8, 16])],
    [`${call.name}.lora_B.weight`, tf.zeros([16, 8])],
  ]);
  const rows = { input: tf.zeros([6, 16]), output: tf.zeros([6, 16]) };
  attach(settings).hooks.linear?.output?.({ name: call.name, site: call.name, ...rows, parameters, context });
  return asked;
}

test('dropout asks for noise at each target, in training alone', () => {
  const settings = { dropout: 0.25 };
  expect(noiseAsked(settings, { name: query, training: true })).toEqual([
    { site: `${query}.lora_dropout`, shape: [6, 16], rate: 0.25 },
  ]);
  expect(noiseAsked(settings, { name: query, training: false })).toEqual([]);
  expect(noiseAsked({}, { name: query, training: true })).toEqual([]);
});

test('other projections keep their output', () => {
  const layers = [0, 1].map((layer) => query.replace('1', String(layer)));
  expect(attach({ targetModules: ['query'] }).hooks.linear?.targets).toEqual(new Set(layers));
});

test('a factor that is missing is named', () => {
  const context: ForwardContext = { training: false, firstNoisyLayer: 0, noise: () => tf.ones([1]) };
  const call = {
    name: query,
    site: query,
    input: tf.zeros([1, 16]),
    output: tf.zeros([1, 16]),
    parameters: new Map(),
    context,
  };
  expect(() => attach({}).hooks.linear?.output?.(call)).toThrow(`no "${query}.lora_A.weight"`);
});

test('parameters know their layer, so that layers below stay without dropout', () => {
  const { parameters } = attach({ targetModules: ['layer.1.output.dense'], rank: 2 });
  expect(parameters.map(({ name, shape, layer }) => ({ name, shape, layer }))).toEqual([
    { name: 'bert.encoder.layer.1.output.dense.lora_A.weight', shape: [2, 32], layer: 1 },
    { name: 'bert.encoder.layer.1.output.dense.lora_B.weight', shape: [16, 2], layer: 1 },
  ]);
});

test('A starts in ±1/√inputSize, B at zero', () => {
  const initialValues = attach({ rank: 64 }).initialValues();
  const loraA = [...initialValues.get(`${query}.lora_A.weight`)!.data].map(Math.abs);
  expect(Math.max(...loraA)).toBeLessThanOrEqual(1 / 4);
  expect(Math.max(...loraA)).toBeGreaterThan(0.99 / 4);
  expect(new Set(initialValues.get(`${query}.lora_B.weight`)!.data)).toEqual(new Set([0]));
});
