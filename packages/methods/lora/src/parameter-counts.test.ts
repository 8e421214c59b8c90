import { randomSource } from '@attune/base';
import { countParameters, modelFamily } from '@attune/core';
import { expect, test } from 'vitest';
import { lora } from './method.ts';

const bert = {
  vocab_size: 30522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  max_position_embeddings: 512,
};
const distilBert = {
  vocab_size: 30522,
  dim: 768,
  n_layers: 6,
  n_heads: 12,
  hidden_dim: 3072,
  max_position_embeddings: 512,
};
const roberta = { ...bert, vocab_size: 50265, max_position_embeddings: 514, type_vocab_size: 1 };

// Counted by Hugging Face PEFT in models of these sizes with two labels: the whole model, and LoRA with the head.
test.each([
  ['bert', bert, 109_483_778, 296_450],
  ['roberta', roberta, 124_647_170, 887_042],
  ['distilbert', distilBert, 66_955_010, 739_586],
  ['albert', { ...bert, vocab_size: 30000 }, 11_685_122, 26_114],
])('%s has as many parameters as in PEFT, trained or not', (family, config, whole, trained) => {
  const { model } = modelFamily({ model_type: family }, family).create({ model_type: family, ...config }, family);
  const head = model.sequenceHead('classification', 2);
  const read = countParameters(model.parameters, ({ role }) => !head.unusedRoles.includes(role));
  expect(read + countParameters(head.parameters)).toBe(whole);
  const settings = lora.settings.parse({});
  const { parameters } = lora.attach({ model, values: new Map(), settings, random: randomSource(0) });
  expect(countParameters(parameters) + countParameters(head.parameters)).toBe(trained);
});
