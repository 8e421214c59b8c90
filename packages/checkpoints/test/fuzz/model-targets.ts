import { parseJson, randomSource } from '@attune/base';
import { initializeParameters, modelFamily } from '@attune/core';
import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { loadModelDirectory } from '../../src/node/load-model.ts';
import { writeSafetensors } from '../../src/write-safetensors.ts';
import { type FuzzTarget, jsonBytes } from './fuzz-target.ts';
import { requireEqual } from './load-tensors.ts';

const small = { vocab_size: 60, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32 };
const bertConfig = { ...small, model_type: 'bert', max_position_embeddings: 32, type_vocab_size: 2 };
const configs = [
  bertConfig,
  { ...bertConfig, model_type: 'roberta', pad_token_id: 1, layer_norm_eps: 1e-5 },
  { ...bertConfig, model_type: 'electra', embedding_size: 8 },
  { ...bertConfig, model_type: 'albert', embedding_size: 8, num_hidden_groups: 1, inner_group_num: 1 },
  {
    model_type: 'distilbert',
    vocab_size: 60,
    dim: 16,
    n_layers: 2,
    n_heads: 2,
    hidden_dim: 32,
    max_position_embeddings: 32,
  },
  { model_type: 'gpt2', vocab_size: 60, n_positions: 32, n_embd: 16, n_layer: 2, n_head: 2 },
  { ...small, model_type: 'llama', num_key_value_heads: 1, max_position_embeddings: 32, rope_theta: 1e4 },
  { ...small, model_type: 'qwen2', num_key_value_heads: 1, max_position_embeddings: 32, tie_word_embeddings: true },
];

const config: FuzzTarget = {
  name: 'config.json',
  beside: new Map(),
  file: 'config.json',
  originals: configs.map(jsonBytes),
  load: async ({ path, bytes, original }) => {
    const parameters = (content: Uint8Array) => {
      const json = parseJson(content, path);
      return modelFamily(json, path).create(json, path).model.parameters;
    };
    const given = parameters(bytes);
    if (new Set(given.map(({ name }) => name)).size < given.length) throw new Error('a parameter is there twice');
    for (const { name, shape } of given) {
      if (!shape.every((size) => Number.isSafeInteger(size) && size > 0)) throw new Error(`${name}: [${shape}]`);
    }
    const meansTheSame = canonical(bytes) === canonical(original);
    if (meansTheSame && JSON.stringify(given) !== JSON.stringify(parameters(original))) throw new Error('differs');
  },
};

const canonical = (bytes: Uint8Array) => JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)));

const { model } = modelFamily(bertConfig, 'config.json').create(bertConfig, 'config.json');
const values = initializeParameters(model.parameters, randomSource(0));

/** A whole model whose configuration changes: its weights must come out as they went in, or be said to be new. */
const directory: FuzzTarget = {
  name: 'model directory',
  beside: new Map([
    ['model.safetensors', writeSafetensors(values)],
    ['tokenizer.json', jsonBytes(wordPieceTokenizerJson(['river', 'old']))],
  ]),
  file: 'config.json',
  opens: true,
  originals: [jsonBytes(bertConfig)],
  load: async (call) => {
    const loaded = await loadModelDirectory(call.directory);
    const fresh = loaded.model.parameters.filter(({ role }) =>
      loaded.notes.some((note) => note.startsWith(`${role}:`)),
    );
    const names = loaded.model.parameters.filter((spec) => !fresh.includes(spec)).map(({ name }) => name);
    const kept = new Map(names.map((name) => [name, loaded.values.get(name)!]));
    requireEqual(kept, new Map(names.map((name) => [name, values.get(name)!])));
  },
};

export const modelTargets: readonly FuzzTarget[] = [config, directory];
