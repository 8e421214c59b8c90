import { join, resolve } from 'node:path';
import { randomSource } from '@attune/base';
import { saveModelDirectory } from '@attune/checkpoints/node';
import { initializeParameters, modelFamily } from '@attune/core';
import { wordPieceTokenizerJson } from '@attune/tokenizer';

/**
 * Writes a tiny random model of each family, with a classification head and as a language model, as
 * `saveModelDirectory` writes it, one of them in shards and one in bfloat16. `scripts/fixtures/check-saved.py` loads
 * them with the transformers library.
 *
 *     node --conditions=attune-source --import tsx scripts/save-tiny-models.ts <folder>
 */
const [folder = 'tmp/saved'] = process.argv.slice(2);
const labels = ['no', 'maybe', 'yes'];

const bertLike = {
  ...{ vocab_size: 50, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32 },
  max_position_embeddings: 34,
};
const configs = [
  { model_type: 'bert', ...bertLike },
  { model_type: 'roberta', ...bertLike },
  { model_type: 'albert', ...bertLike, embedding_size: 8 },
  { model_type: 'electra', ...bertLike, embedding_size: 8 },
  {
    model_type: 'distilbert',
    vocab_size: 50,
    dim: 16,
    n_layers: 2,
    n_heads: 2,
    hidden_dim: 32,
    max_position_embeddings: 34,
  },
  { model_type: 'gpt2', vocab_size: 50, n_embd: 16, n_layer: 2, n_head: 2, n_positions: 34 },
  { model_type: 'llama', ...bertLike, num_key_value_heads: 1 },
  { model_type: 'qwen2', ...bertLike, num_key_value_heads: 1 },
  { model_type: 'qwen3', ...bertLike, num_key_value_heads: 1, head_dim: 8 },
];

/** The parameters of a kind of model, and what its config.json has besides. */
function describe(json: (typeof configs)[number], kind: 'classification' | 'languageModel') {
  const name = json.model_type;
  const family = modelFamily(json, name);
  const architectures = [family.architectures[kind]];
  const { model } = family.create({ ...json, architectures }, name);
  if (kind === 'languageModel') {
    return { specs: model.parameters.filter(({ role }) => role !== 'pooler'), config: { ...json, architectures } };
  }
  const head = model.sequenceHead('classification', labels.length);
  const body = model.parameters.filter(({ role }) => role !== 'lm-head' && !head.unusedRoles.includes(role));
  const id2label = Object.fromEntries(labels.map((label, id) => [id, label]));
  return { specs: [...body, ...head.parameters], config: { ...json, architectures, id2label, pad_token_id: 0 } };
}

for (const json of configs) {
  const name = json.model_type;
  for (const kind of ['classification', 'languageModel'] as const) {
    const { specs, config } = describe(json, kind);
    const dtypes = new Map(name === 'llama' ? specs.map((spec) => [spec.name, 'BF16'] as const) : []);
    const values = initializeParameters(specs, randomSource(1).fork(name));
    const tokenizerFiles = { tokenizer: wordPieceTokenizerJson(['river', 'old']) };
    const options = name === 'gpt2' ? { maxShardBytes: 10_000 } : {};
    await saveModelDirectory(
      join(resolve(folder), `${name}-${kind}`),
      { config, values, dtypes, tokenizerFiles },
      options,
    );
  }
}
