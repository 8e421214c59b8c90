import { readFileSync } from 'node:fs';
import { type HostTensors, randomSource, zerosTensor } from '@attune/base';
import { readSafetensors } from '@attune/checkpoints';
import { expectAllClose, tinyBert } from '@attune/testing';
import { describe, expect, test } from 'vitest';
import { lora } from '../method.ts';
import { fromPeft, toPeft } from './peft.ts';

const { model, values } = tinyBert();
const folder = new URL('../../test/fixtures/adapter/', import.meta.url);
const config = readFileSync(new URL('adapter_config.json', folder), 'utf8');
const { tensors } = readSafetensors(readFileSync(new URL('adapter_model.safetensors', folder)));
const changed = (fields: object) => JSON.stringify({ ...JSON.parse(config), ...fields });

describe('a directory that PEFT wrote', () => {
  const adapter = fromPeft(model, { config, tensors });

  test('settings', () => {
    const targetModules = ['query', 'value'];
    expect(adapter.settings).toEqual({ rank: 4, alpha: 6, dropout: 0.1, useRslora: true, targetModules });
  });

  test('values are those that attaching expects, and the head', () => {
    const { settings } = adapter;
    const { parameters } = lora.attach({ model, values, settings, random: randomSource(0) });
    const names = [...parameters.map(({ name }) => name), 'classifier.weight', 'classifier.bias'];
    expect([...adapter.values.keys()]).toEqual(names);
  });

  test('comes back as it was', () => {
    const written = toPeft({ model, ...adapter });
    expectAllClose(written.tensors, tensors, { relative: 0, absolute: 0 });
    const { peft_version: _, ...fields } = JSON.parse(config);
    const targets = [0, 1].flatMap((layer) =>
      ['query', 'value'].map((name) => `bert.encoder.layer.${layer}.attention.self.${name}`),
    );
    expect(JSON.parse(written.config)).toEqual({ ...fields, target_modules: targets });
  });
});

test('few fields are enough', () => {
  const { settings } = fromPeft(model, { config: '{"peft_type": "LORA", "r": 4}', tensors });
  expect(settings).toEqual({ rank: 4, alpha: 8, dropout: 0, useRslora: false, targetModules: 'query-value' });
});

test.each([
  ['its default', {}],
  ['every projection, with another rank', { rank: 3, targetModules: 'all-linear', useRslora: true }],
])('an attachment hands over whole files: %s', (_, given) => {
  const settings = lora.settings.parse(given);
  const attachment = lora.attach({ model, values, settings, random: randomSource(0) });
  const initialValues = attachment.initialValues();
  const files = attachment.toPeft!({ values: initialValues });
  const read = fromPeft(model, files);
  expectAllClose(read.values, initialValues, { relative: 0, absolute: 0 });
  expect(read.settings).toMatchObject({ rank: settings.rank, alpha: settings.alpha, useRslora: settings.useRslora });
  expect(files.tensors.size).toBe(initialValues.size);
});

test('without a head', () => {
  const settings = lora.settings.parse({ targetModules: 'all-linear' });
  const initialValues = lora.attach({ model, values, settings, random: randomSource(0) }).initialValues();
  const revision = 'a'.repeat(40);
  const written = toPeft({ model, settings, values: initialValues, baseModel: 'some/base', revision });
  expect(JSON.parse(written.config)).toMatchObject({
    task_type: null,
    modules_to_save: null,
    base_model_name_or_path: 'some/base',
    revision,
  });
  expectAllClose(fromPeft(model, written).values, initialValues, { relative: 0, absolute: 0 });
});

describe('refusals list every problem', () => {
  test('tensors', () => {
    const layer = 'base_model.model.bert.encoder.layer.0.attention.self';
    const some = new Map(tensors as Map<string, ReturnType<typeof zerosTensor>>);
    some.delete(`${layer}.query.lora_B.weight`);
    some.set(`${layer}.value.lora_A.weight`, zerosTensor([2, 16]));
    some.set(`${layer}.key.lora_A.weight`, zerosTensor([4, 16]));
    expect(() => fromPeft(model, { config, tensors: some as HostTensors })).toThrow(
      `adapter_model.safetensors: missing ${layer}.query.lora_B.weight [16, 4]\n` +
        `adapter_model.safetensors: mis-shaped ${layer}.value.lora_A.weight: expected [4, 16], got [2, 16]\n` +
        `adapter_model.safetensors: unexpected ${layer}.key.lora_A.weight`,
    );
  });

  test.each([
    [
      changed({ r: 'four', peft_type: 'IA3' }),
      'adapter_config.json: not a usable adapter configuration\n  peft_type: expected "LORA", got "IA3" (a string)\n  r: expected a number, got "four" (a string)',
    ],
    [
      changed({ use_dora: true, rank_pattern: { query: 2 } }),
      'adapter_config.json: rank_pattern: expected {}, got {"query":2}\nadapter_config.json: use_dora: expected false, got true',
    ],
    [
      changed({ init_lora_weights: 'pissa' }),
      /init_lora_weights: expected true, .* base weights, which are not stored, got "pissa"/,
    ],
    ['{', 'adapter_config.json: not JSON: '],
  ])('configuration %#', (text, message) => {
    expect(() => fromPeft(model, { config: text, tensors })).toThrow(message);
  });
});
