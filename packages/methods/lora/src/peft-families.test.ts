import { readFileSync } from 'node:fs';
import { type HostTensors, randomSource } from '@attune/base';
import { readSafetensors } from '@attune/checkpoints';
import { evaluationContext, fromTensor, type Hooks, type ModelInputs, toTensors } from '@attune/core';
import { expectAllClose, type ParityCase, parityCases } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { lora } from './method.ts';
import { fromPeft, toPeft } from './peft/peft.ts';

const fixtures = new URL('../test/fixtures/families/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, fixtures));
const tensorsOf = (path: string): HostTensors => readSafetensors(read(path), path).tensors;
const { families, tolerance } = JSON.parse(read('manifest.json').toString('utf8'));
const cases = parityCases().filter(({ family, sequenceHead }) => families.includes(family) && sequenceHead);

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe.each(cases)('an adapter that PEFT wrote, $title', (base) => {
  const { model, family, head } = base;
  const folder = `${family}/${head}`;
  const config = read(`${folder}/adapter_config.json`).toString('utf8');
  const tensors = tensorsOf(`${folder}/adapter_model.safetensors`);
  const adapter = fromPeft(model, { config, tensors });

  test('gives the logits that it gives in PEFT, attached or merged', () => {
    const { settings } = adapter;
    const attachment = lora.attach({ model, values: base.values, settings, random: randomSource(0) });
    const all = new Map([...base.values, ...adapter.values]);
    const expected = tensorsOf(`${folder}/logits.safetensors`);
    expectAllClose(logits(base, all, attachment.hooks), expected, tolerance);
    expectAllClose(logits(base, attachment.merge!(all), {}), expected, tolerance);
    expect(() => expectAllClose(logits(base, base.values, {}), expected, tolerance)).toThrow('element');
  });

  test('comes back as it was', () => {
    const written = toPeft({ model, ...adapter, head: head as 'classification' | 'choice' });
    expectAllClose(written.tensors, tensors, { relative: 0, absolute: 0 });
    const { modules_to_save: modules, task_type: task, fan_in_fan_out: fanInFanOut } = JSON.parse(written.config);
    const given = JSON.parse(config);
    expect(task).toBe(given.task_type);
    expect(fanInFanOut).toBe(given.fan_in_fan_out);
    expect([...modules].sort()).toEqual([...new Set(given.modules_to_save)].sort());
  });
});

function logits(of: ParityCase, values: HostTensors, hooks: Hooks): HostTensors {
  const output = tf.tidy(() => {
    const { inputIds, tokenTypeIds, attentionMask } = Object.fromEntries(toTensors(of.batch));
    const inputs = { inputIds, tokenTypeIds, attentionMask } as unknown as ModelInputs;
    const call = { parameters: toTensors(values), inputs, hooks, context: evaluationContext };
    const all = of.sequenceHead!.logits(call);
    return of.head === 'choice' ? tf.reshape(all, [-1, 2]) : all;
  });
  return new Map([['logits', fromTensor(output)]]);
}
