import { expect, it } from 'vitest';
import { parseHubId } from './hub-id.ts';
import { idOfLegacyName, legacyNameHint } from './legacy-names.ts';

it.each([
  ['bert-base-uncased', 'google-bert/bert-base-uncased'],
  ['roberta-large', 'FacebookAI/roberta-large'],
  ['distilbert-base-cased', 'distilbert/distilbert-base-cased'],
  ['gpt2', 'openai-community/gpt2'],
  ['albert-base-v2', 'albert/albert-base-v2'],
  ['bert-base-uncased@main', 'google-bert/bert-base-uncased@main'],
])('%s is %s', (name, id) => {
  expect(idOfLegacyName(name)).toBe(id);
  expect(parseHubId(id)).toBeDefined();
  expect(legacyNameHint(name)).toBe(`; on the hub it is "${id}"`);
});

it.each(['my-bert', 'google-bert/bert-base-uncased', 'constructor', ''])('knows no owner of "%s"', (name) => {
  expect(idOfLegacyName(name)).toBeUndefined();
  expect(legacyNameHint(name)).toBe('');
});
