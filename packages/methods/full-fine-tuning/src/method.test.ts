import { randomSource } from '@attune/base';
import { tinyBert } from '@attune/testing';
import { expect, test } from 'vitest';
import { fullFineTuning } from './method.ts';

const { model, values } = tinyBert();

function attach(settings: object) {
  return fullFineTuning.attach({
    model,
    values,
    settings: fullFineTuning.settings.parse(settings),
    random: randomSource(0),
  });
}

test('one learning rate by default', () => {
  expect(attach({}).learningRateScale).toBeUndefined();
});

test('layerDecay reaches the parameters of a model', () => {
  const { learningRateScale } = attach({ layerDecay: 0.5 });
  const scales = new Map(model.parameters.map((parameter) => [parameter.name, learningRateScale?.(parameter)]));
  expect(scales.get('bert.embeddings.word_embeddings.weight')).toBe(0.125);
  expect(scales.get('bert.encoder.layer.0.output.dense.bias')).toBe(0.25);
  expect(scales.get('bert.encoder.layer.1.attention.self.query.weight')).toBe(0.5);
  expect(scales.get('bert.pooler.dense.weight')).toBe(1);
  expect(scales.get('cls.predictions.bias')).toBe(1);
});
