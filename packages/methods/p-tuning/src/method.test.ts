import { type NoiseRequest, randomSource } from '@attune/base';
import { type ForwardContext, toTensors } from '@attune/core';
import { tinyBert } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { pTuning } from './method.ts';

const { model, values } = tinyBert();
const words = values.get('bert.embeddings.word_embeddings.weight')!;

function attach(settings: object) {
  return pTuning.attach({ model, values, settings: pTuning.settings.parse(settings), random: randomSource(0) });
}

/** Runs the hook on a batch with one pseudo token, or none, and returns the noise it asked for. */
function runHook(settings: object, call: { readonly training: boolean; readonly virtual?: boolean }) {
  const asked: NoiseRequest[] = [];
  const noise = (request: NoiseRequest) => {
    asked.push(request);
    return tf.ones([...request.shape]);
  };
  const context: ForwardContext = { training: call.training, firstNoisyLayer: 0, noise };
  const attachment = attach(settings);
  const inputIds = tf.ones<tf.Rank.R2>([2, 3], 'int32');
  const plain = { inputIds, tokenTypeIds: inputIds, attentionMask: inputIds };
  const virtualTokenIndex = tf.tensor2d([0, 1, 0, 0, 0, 2], [2, 3], 'int32');
  const inputs = call.virtual === false ? plain : { ...plain, virtualTokenIndex };
  const embeddings = tf.ones<tf.Rank.R3>([2, 3, 16]);
  const parameters = toTensors(attachment.initialValues());
  const output = attachment.hooks.inputEmbeddings?.({ embeddings, inputs, parameters, context });
  return { asked, embeddings, output };
}

test('LSTM dropout asks for noise between the layers, in training alone', () => {
  const settings = { lstmDropout: 0.25 };
  expect(runHook(settings, { training: true }).asked).toEqual([
    { site: 'prompt_encoder.lstm_head.dropout_l0', shape: [4, 16], rate: 0.25 },
  ]);
  expect(runHook(settings, { training: false }).asked).toEqual([]);
  expect(runHook({}, { training: true }).asked).toEqual([]);
});

test('inputs without pseudo tokens pass through', () => {
  const { embeddings, output } = runHook({}, { training: true, virtual: false });
  expect(output).toBe(embeddings);
});

test('the vocabulary initialisation copies word embeddings', () => {
  const initialValues = attach({ initialization: 'vocabulary', numVirtualTokens: 3 }).initialValues();
  const rows = ({ data }: { readonly data: ArrayLike<number> }) =>
    Array.from({ length: data.length / 16 }, (_, row) =>
      Array.from(data)
        .slice(row * 16, row * 16 + 16)
        .join(),
    );
  const table = rows(initialValues.get('prompt_encoder.embedding.weight')!);
  expect(table).toHaveLength(3);
  expect(rows(words)).toEqual(expect.arrayContaining(table));
});

test('a tuned backbone learns at its own rate', () => {
  const { learningRateScale, isTrainable, parameters } = attach({ backbone: 'tuned', backboneLearningRateScale: 0.1 });
  const scales = new Set(model.parameters.map((parameter) => learningRateScale?.(parameter)));
  expect(scales).toEqual(new Set([0.1]));
  expect(new Set(parameters.map((parameter) => learningRateScale?.(parameter)))).toEqual(new Set([1]));
  expect(model.parameters.every(isTrainable)).toBe(true);
});

test('a frozen backbone trains nothing of the model', () => {
  expect(model.parameters.some(attach({}).isTrainable)).toBe(false);
});
