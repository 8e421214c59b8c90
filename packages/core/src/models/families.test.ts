import { describe, expect, it, test } from 'vitest';
import { modelFamily } from './families.ts';

const familyOf = (modelType: string) => modelFamily({ model_type: modelType }, 'config.json');

describe('names in checkpoints', () => {
  it.each([
    ['bert', 'embeddings.LayerNorm.gamma', 'bert.embeddings.LayerNorm.weight'],
    ['bert', 'bert.encoder.layer.0.output.LayerNorm.beta', 'bert.encoder.layer.0.output.LayerNorm.bias'],
    ['roberta', 'encoder.layer.1.attention.self.query.weight', 'roberta.encoder.layer.1.attention.self.query.weight'],
    ['roberta', 'lm_head.dense.weight', 'lm_head.dense.weight'],
    ['distilbert', 'transformer.layer.0.ffn.lin1.bias', 'distilbert.transformer.layer.0.ffn.lin1.bias'],
    ['distilbert', 'vocab_projector.bias', 'vocab_projector.bias'],
    ['albert', 'encoder.embedding_hidden_mapping_in.weight', 'albert.encoder.embedding_hidden_mapping_in.weight'],
    ['albert', 'pooler.weight', 'albert.pooler.weight'],
    ['electra', 'embeddings_project.weight', 'electra.embeddings_project.weight'],
    ['electra', 'generator_lm_head.bias', 'generator_lm_head.bias'],
  ])('%s: %s is %s', (modelType, stored, name) => expect(familyOf(modelType).canonicalName(stored)).toBe(name));
});

const sizes = {
  ...{ vocab_size: 50, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32 },
  max_position_embeddings: 32,
};

describe('configurations that are refused', () => {
  it.each<[string, object, string]>([
    [
      'roberta',
      { ...sizes, position_embedding_type: 'relative_key', pad_token_id: -1 },
      'config.json: not a usable RoBERTa configuration\n  position_embedding_type: expected "absolute", got ' +
        '"relative_key" (a string)\n  pad_token_id: expected a number at least 0, got -1',
    ],
    [
      'distilbert',
      { vocab_size: 50, dim: 15, n_layers: 2, n_heads: 2, hidden_dim: 32, max_position_embeddings: 32 },
      'config.json: dim 15 is not a multiple of n_heads 2; each head needs a whole number of dimensions',
    ],
    [
      'albert',
      { ...sizes, num_hidden_groups: 3 },
      'config.json: num_hidden_groups: expected at most num_hidden_layers 2, got 3; each group serves a layer',
    ],
    [
      'electra',
      { ...sizes, summary_type: 'mean' },
      'config.json: not a usable ELECTRA configuration\n  summary_type: expected "first", got "mean" (a string)',
    ],
  ])('%s', (modelType, config, message) => {
    const given = { model_type: modelType, ...config };
    expect(() => familyOf(modelType).create(given, 'config.json')).toThrow(message);
  });
});

describe('second names of parameters', () => {
  const aliases = (modelType: string, config: object) =>
    modelFamily({ model_type: modelType }, 'config.json')
      .create({ model_type: modelType, ...sizes, ...config }, 'config.json')
      .model.aliases.map(({ alias, name, isTied }) => [alias, name, isTied]);

  it("are the decoder's, while it is tied to the word embeddings", () => {
    expect(aliases('bert', {})).toEqual([
      ['cls.predictions.decoder.weight', 'bert.embeddings.word_embeddings.weight', true],
      ['cls.predictions.decoder.bias', 'cls.predictions.bias', true],
    ]);
    expect(aliases('llama', { tie_word_embeddings: true })).toEqual([
      ['lm_head.weight', 'model.embed_tokens.weight', true],
    ]);
    expect(aliases('electra', { architectures: ['ElectraForMaskedLM'] })).toEqual([
      ['generator_lm_head.weight', 'electra.embeddings.word_embeddings.weight', true],
    ]);
  });

  it('are that of an untied bias alone, or none', () => {
    expect(aliases('roberta', { tie_word_embeddings: false })).toEqual([
      ['lm_head.decoder.bias', 'lm_head.bias', false],
    ]);
    expect(aliases('llama', {})).toEqual([]);
    expect(aliases('electra', {})).toEqual([]);
  });
});

describe('an unknown model_type', () => {
  it.each(['deberta', 'deberta-v2', 'bart', 'opt', 'gpt_neo', 'xlm-roberta', 'camembert', 'llama4', 'qwen2_moe', 't5'])(
    'is another architecture, whatever its name is like: %s',
    (name) => {
      expect(() => familyOf(name)).toThrow(
        `config.json: unknown model_type "${name}"; that is another architecture. Take a checkpoint of bert, roberta, ` +
          'distilbert, albert, electra, gpt2, llama, qwen2, qwen3, or write its family as CONTRIBUTING.md shows ' +
          '("Add a model family")',
      );
    },
  );

  it.each([
    ['GPT-2', 'gpt2'],
    ['BERT', 'bert'],
    ['distil_bert', 'distilbert'],
  ])('may be another spelling: %s', (name, meant) => {
    expect(() => familyOf(name)).toThrow(`unknown model_type "${name}"; did you mean "${meant}"? Known: bert, roberta`);
  });
});

test.each([
  ['bert', 'BertForMultipleChoice'],
  ['distilbert', 'DistilBertForMultipleChoice'],
  ['gpt2', 'GPT2ForSequenceClassification'],
  ['qwen2', 'Qwen2ForSequenceClassification'],
])('a choice of %s is %s for the reference implementation', (modelType, name) => {
  expect(familyOf(modelType).architectures.choice).toBe(name);
});

test('a model has the embeddings of its configuration', () => {
  const config = { model_type: 'electra', ...sizes, embedding_size: 16 };
  const names = familyOf('electra')
    .create(config, 'config.json')
    .model.parameters.map(({ name }) => name);
  // Widths are equal: nothing to project.
  expect(names.filter((name) => name.includes('embeddings_project'))).toEqual([]);
});
