import { join, resolve } from 'node:path';
import { randomSource } from '@attune/base';
import { saveModelDirectory, writeSafetensorsFile } from '@attune/checkpoints/node';
import { initializeParameters, type Model, modelFamily, type SequenceHead } from '@attune/core';
import { modelLogits } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';

/**
 * Writes a tiny random model of each family with each head, as `saveModelDirectory` writes it, one of them in shards, one
 * in bfloat16, and language models whose decoder is not tied; beside each in logits.safetensors what it answers here to
 * some token ids. `scripts/fixtures/check-saved.py` loads them with the transformers library.
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

type Kind = 'classification' | 'choice' | 'languageModel' | 'untied';
const kinds: readonly Kind[] = ['classification', 'choice', 'languageModel', 'untied'];
const inputIds = [
  [2, 7, 9, 4, 3],
  [2, 11, 5, 30, 3],
];

/** The configuration that a kind of model is made from, without what its head adds. */
function configOf(json: (typeof configs)[number], kind: Kind) {
  const { architectures } = modelFamily(json, json.model_type);
  if (kind === 'untied') return { ...json, tie_word_embeddings: false, architectures: [architectures.languageModel] };
  return kind === 'languageModel' ? { ...json, architectures: [architectures.languageModel] } : json;
}

function headOf(model: Model, kind: Kind): SequenceHead | undefined {
  if (kind === 'classification') return model.sequenceHead(kind, labels.length);
  return kind === 'choice' ? model.sequenceHead(kind, 1) : undefined;
}

/** Parameters that the head reads, and its own. */
function specsOf(model: Model, head: SequenceHead | undefined) {
  const unused = head === undefined ? ['pooler'] : ['lm-head', ...head.unusedRoles];
  return [...model.parameters.filter(({ role }) => !unused.includes(role)), ...(head?.parameters ?? [])];
}

async function save(json: (typeof configs)[number], kind: Kind): Promise<void> {
  const name = json.model_type;
  const config = configOf(json, kind);
  const { model } = modelFamily(config, name).create(config, name);
  const sequenceHead = headOf(model, kind);
  const specs = specsOf(model, sequenceHead);
  const dtypes = new Map(name === 'llama' ? specs.map((spec) => [spec.name, 'BF16'] as const) : []);
  const drawn = initializeParameters(specs, randomSource(1).fork(name));
  // What bfloat16 can hold, so that logits are of what is written; vectors too, which are 0 or 1 when they are new.
  const coarse = (value: number, index: number) => Math.round(value * (value === 1 ? 64 : 1024) + (index % 7)) / 64;
  const values = new Map(
    [...drawn].map(([key, tensor]) => [key, { ...tensor, data: Float32Array.from(tensor.data, coarse) }]),
  );
  const directory = join(resolve(folder), `${name}-${kind}`);
  const head =
    kind === 'classification' ? ({ kind, labels } as const) : kind === 'choice' ? ({ kind } as const) : undefined;
  const saved = { config, values, dtypes, tokenizerFiles: { tokenizer: wordPieceTokenizerJson(['river', 'old']) } };
  await saveModelDirectory(
    directory,
    { ...saved, ...(head === undefined ? {} : { head }) },
    name === 'gpt2' ? { maxShardBytes: 10_000 } : {},
  );
  const logits = await modelLogits({
    model,
    values,
    inputIds,
    ...(sequenceHead === undefined ? {} : { sequenceHead }),
  });
  await writeSafetensorsFile(join(directory, 'logits.safetensors'), new Map([['logits', logits]]));
}

for (const json of configs) for (const kind of kinds) await save(json, kind);
