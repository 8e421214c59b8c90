import { tinyBert, tinyFamilies } from '@attune/testing';
import { expect, test } from 'vitest';
import { targetProjections } from './settings.ts';

const { model } = tinyBert();

/** Ends of the names of what gets an update, by family: PEFT's targets, where it has any. */
const queryAndValue = {
  ...{ roberta: ['query', 'value'], distilbert: ['q_lin', 'v_lin'], albert: ['query', 'value'] },
  ...{ 'electra, a generator': ['query', 'value'], 'electra, a discriminator': ['query', 'value'] },
  ...{ gpt2: ['c_attn'], llama: ['q_proj', 'v_proj'], qwen2: ['q_proj', 'v_proj'], qwen3: ['q_proj', 'v_proj'] },
};

test('queries and values, whatever the family calls them', () => {
  const ends = tinyFamilies().map(({ title, subject }) => {
    const names = targetProjections(subject.model, 'query-value').map(({ name }) => name.split('.').at(-1)!);
    return [title, [...new Set(names)]];
  });
  expect(Object.fromEntries(ends)).toEqual(queryAndValue);
});

test('every projection', () => expect(targetProjections(model, 'all-linear')).toEqual(model.projections));

test('ends of names', () => {
  const names = targetProjections(model, ['query', '0.intermediate.dense']).map(({ name }) => name);
  const ends = ['0.attention.self.query', '0.intermediate.dense', '1.attention.self.query'];
  expect(names).toEqual(ends.map((end) => `bert.encoder.layer.${end}`));
});

test('an end that matches nothing is named with method and setting', () => {
  expect(() => targetProjections(model, ['attention.self.qurey'])).toThrow(
    'lora: targetModules "attention.self.qurey" matches none of bert\'s 12 linear projections; try "attention.self.query"',
  );
});
