import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floatTensor, type HostTensors, randomSource } from '@attune/base';
import { initializeParameters, modelFamily } from '@attune/core';
import { tinyBert } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadModelDirectory } from './load-model.ts';
import { checkpointFiles } from './read-directory.ts';
import { writeSafetensorsFile } from './safetensors-file.ts';
import { saveModelDirectory } from './save-model-directory.ts';

const { model, values, config } = tinyBert();
const tokenizerFiles = { tokenizer: wordPieceTokenizerJson(['a', 'b', 'c']) };

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'model-directory-'));
  await saveModelDirectory(directory, { config, tokenizerFiles, values });
});
afterEach(async () => {
  await chmod(directory, 0o755);
  await rm(directory, { recursive: true });
});

const at = (name: string): string => join(directory, name);
const writeWeights = (tensors: HostTensors) => writeSafetensorsFile(at('model.safetensors'), tensors);
const writeConfig = (overrides: object) => writeFile(at('config.json'), JSON.stringify({ ...config, ...overrides }));
const without = (pattern: RegExp): HostTensors => new Map([...values].filter(([name]) => !pattern.test(name)));

describe('saveModelDirectory, then loadModelDirectory', () => {
  it('gives the model back', async () => {
    const loaded = await loadModelDirectory(directory);
    expect(loaded.values).toEqual(values);
    expect(loaded.config).toEqual(config);
    expect(loaded.model.parameters).toEqual(model.parameters);
    expect(loaded.tokenizer.encode('a c')).toEqual([5, 7]);
    expect(loaded.notes).toEqual([]);
  });

  it('writes the same bytes again, and leaves no temporary file', async () => {
    const bytes = async () => Promise.all((await checkpointFiles(directory)).map((file) => readFile(file)));
    const before = await bytes();
    await saveModelDirectory(directory, await loadModelDirectory(directory));
    expect(await bytes()).toEqual(before);
    expect((await readdir(directory)).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
  });

  it('keeps tokenizer_config.json and unknown keys of config.json', async () => {
    const saved = {
      config: { ...config, finetuned_by: 'someone' },
      tokenizerFiles: { ...tokenizerFiles, config: { mask_token: 'a' } },
      values,
    };
    await saveModelDirectory(directory, saved);
    const loaded = await loadModelDirectory(directory);
    expect(loaded.config).toEqual(saved.config);
    expect(loaded.tokenizer.specialIds.mask).toBe(5);
  });

  it('reads a directory that has vocab.txt alone, and writes its tokenizer.json', async () => {
    await rm(at('tokenizer.json'));
    await writeFile(at('vocab.txt'), '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc\n');
    expect((await checkpointFiles(directory)).map((path) => path.slice(directory.length + 1))).toEqual([
      'config.json',
      'vocab.txt',
      'model.safetensors',
    ]);
    const loaded = await loadModelDirectory(directory);
    expect(loaded.tokenizer.encode('A c')).toEqual([5, 7]);
    await saveModelDirectory(directory, loaded);
    expect(JSON.parse(await readFile(at('tokenizer.json'), 'utf8'))).toEqual(tokenizerFiles.tokenizer);
  });

  it('reads added tokens and names from the older files beside, and counts them among what decides', async () => {
    await rm(at('tokenizer.json'));
    await writeFile(at('vocab.txt'), '[PAD]\n[UNK]\n<s>\n</s>\n[MASK]\na\nb\nc\n');
    await writeFile(at('added_tokens.json'), JSON.stringify({ '[ent]': 8, newword: 9 }));
    await writeFile(
      at('special_tokens_map.json'),
      JSON.stringify({ cls_token: '<s>', sep_token: { content: '</s>' } }),
    );
    const names = (await checkpointFiles(directory)).map((path) => path.slice(directory.length + 1));
    expect(names.slice(-2)).toEqual(['special_tokens_map.json', 'added_tokens.json']);
    const loaded = await loadModelDirectory(directory);
    expect(loaded.tokenizer.encode('a [ent] b newword')).toEqual([5, 8, 6, 9]);
    expect(loaded.tokenizer.layout).toMatchObject({ pair: { prefix: [2], joiner: [3] }, secondTokenType: 1 });
    await rm(at('added_tokens.json'));
    await rm(at('special_tokens_map.json'));
    await saveModelDirectory(directory, loaded);
    const again = await loadModelDirectory(directory);
    expect(again.tokenizer.encode('a [ent] b newword')).toEqual([5, 8, 6, 9]);
    expect(again.tokenizer.specialIds).toEqual(loaded.tokenizer.specialIds);
  });

  it('takes settings without a class for those of the model type', async () => {
    await writeFile(at('tokenizer_config.json'), JSON.stringify({ do_lower_case: false }));
    expect((await loadModelDirectory(directory)).tokenizer.encode('A a')).toEqual([1, 5]);
  });

  it('refuses values that do not fit before writing anything', async () => {
    const before = await readFile(at('model.safetensors'));
    await expect(
      saveModelDirectory(directory, { config, tokenizerFiles, values: without(/word_embeddings/) }),
    ).rejects.toThrow('bert.embeddings.word_embeddings.weight: expected float32 [50, 16], got nothing');
    expect(await readFile(at('model.safetensors'))).toEqual(before);
  });

  it('says that a folder cannot be written', async () => {
    const blocked = join(at('config.json'), 'below-a-file');
    await expect(saveModelDirectory(blocked, { config, tokenizerFiles, values })).rejects.toThrow(
      `${join(blocked, 'model.safetensors')}: cannot be written: ENOTDIR`,
    );
  });
});

describe('checkpoints by others', () => {
  it('may lack the bert. prefix, the pooler and the head, and say gamma and beta', async () => {
    const bare = [...without(/pooler|^cls/)].map(([name, tensor]) => {
      const old = name.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta');
      return [old.replace(/^bert\./, ''), tensor] as const;
    });
    await writeWeights(new Map([...bare, ['classifier.weight', floatTensor([1, 1], [0])]]));
    const random = randomSource(5);
    const loaded = await loadModelDirectory(directory, { random });
    const fresh = model.parameters.filter(({ role }) => role === 'pooler' || role === 'lm-head');
    expect(loaded.values).toEqual(new Map([...values, ...initializeParameters(fresh, random)]));
    expect(loaded.initialized).toEqual(fresh.map(({ name }) => name));
    expect(loaded.notes).toEqual([
      'pooler: not in the checkpoint, initialised from the seed',
      'lm-head: not in the checkpoint, initialised from the seed',
      'not used by the model: classifier.weight',
    ]);
  });

  it('may store the tied decoder bias under its other name, or under both', async () => {
    const bias = values.get('cls.predictions.bias')!;
    await writeWeights(new Map([...without(/^cls.predictions.bias$/), ['cls.predictions.decoder.bias', bias]]));
    expect((await loadModelDirectory(directory)).values).toEqual(values);
    await writeWeights(new Map([...values, ['cls.predictions.decoder.bias', bias]]));
    expect((await loadModelDirectory(directory)).values).toEqual(values);
  });

  it('may not store two different values for one parameter', async () => {
    const [name, bare] = ['bert.embeddings.LayerNorm.bias', 'embeddings.LayerNorm.beta'];
    await writeWeights(new Map([...values, [bare, floatTensor([16], new Array(16).fill(1))]]));
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${directory}: ${name} is stored twice with different values, as `,
    );
    await writeWeights(new Map([...values, [bare, values.get(name)!]]));
    expect((await loadModelDirectory(directory)).values).toEqual(values);
  });
});

describe('loadModelDirectory refuses', () => {
  it('a directory that is not there or lacks files', async () => {
    await expect(loadModelDirectory(at('nowhere'))).rejects.toThrow(`${at('nowhere')}: not a model directory: ENOENT`);
    await rm(at('tokenizer.json'));
    await rm(at('config.json'));
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${directory}: not a model directory: no config.json, tokenizer.json; ` +
        'expected config.json, tokenizer.json and weights (model.safetensors, model.safetensors.index.json, ' +
        'pytorch_model.bin, pytorch_model.bin.index.json), found model.safetensors',
    );
  });

  it('a config that does not fit the weights, naming ten tensors', async () => {
    await writeConfig({ hidden_size: 8, vocab_size: 60 });
    const error = await loadModelDirectory(directory).catch((reason: Error) => reason);
    expect((error as Error).message.split('\n')).toEqual([
      `${directory}: config.json does not fit the weights; 42 of 44 tensors differ`,
      '  bert.embeddings.word_embeddings.weight: expected float32 [60, 8], got float32 [50, 16]',
      '  bert.embeddings.position_embeddings.weight: expected float32 [32, 8], got float32 [32, 16]',
      '  bert.embeddings.token_type_embeddings.weight: expected float32 [2, 8], got float32 [2, 16]',
      '  bert.embeddings.LayerNorm.weight: expected float32 [8], got float32 [16]',
      '  bert.embeddings.LayerNorm.bias: expected float32 [8], got float32 [16]',
      '  bert.encoder.layer.0.attention.self.query.weight: expected float32 [8, 8], got float32 [16, 16]',
      '  bert.encoder.layer.0.attention.self.query.bias: expected float32 [8], got float32 [16]',
      '  bert.encoder.layer.0.attention.self.key.weight: expected float32 [8, 8], got float32 [16, 16]',
      '  bert.encoder.layer.0.attention.self.key.bias: expected float32 [8], got float32 [16]',
      '  bert.encoder.layer.0.attention.self.value.weight: expected float32 [8, 8], got float32 [16, 16]',
      '  and 32 more',
    ]);
  });

  it('a config with layers the weights lack, and half a head', async () => {
    await writeConfig({ num_hidden_layers: 3 });
    await writeWeights(without(/cls.predictions.transform.dense/));
    await expect(loadModelDirectory(directory)).rejects.toThrow(/18 of 60 tensors differ\n {2}bert.encoder.layer.2/);
  });

  it('a config with fewer layers than the weights', async () => {
    await writeConfig({ num_hidden_layers: 1 });
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${directory}: config.json does not fit the weights; 16 of 44 tensors differ\n` +
        '  bert.encoder.layer.1.attention.output.LayerNorm.bias: expected nothing, got float32 [16]',
    );
  });

  it('a config with fewer groups of shared layers than the weights', async () => {
    const albert = { ...config, model_type: 'albert', embedding_size: 8, num_hidden_layers: 4, num_hidden_groups: 2 };
    const { model: grouped } = modelFamily(albert, directory).create(albert, directory);
    await writeWeights(initializeParameters(grouped.parameters, randomSource(0)));
    await writeFile(at('config.json'), JSON.stringify({ ...albert, num_hidden_groups: 1 }));
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      '  albert.encoder.albert_layer_groups.1.albert_layers.0.attention.LayerNorm.bias: expected nothing, got float32 [16]',
    );
  });

  it('an unknown family, naming the known ones', async () => {
    await writeConfig({ model_type: 'berd' });
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${at('config.json')}: unknown model_type "berd"; that is another architecture. Take a checkpoint of bert, roberta`,
    );
    await writeConfig({ model_type: undefined });
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${at('config.json')}: model_type is missing; known: bert`,
    );
  });

  it('a config with several mistakes, all at once', async () => {
    await writeConfig({ vocab_size: '50', hidden_act: 'mish', hidden_dropout_prob: 1 });
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${at('config.json')}: not a usable BERT configuration\n` +
        '  vocab_size: expected a number, got "50" (a string)\n' +
        '  hidden_act: expected one of "gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu", "swish", "tanh", got "mish" (a string)\n' +
        '  hidden_dropout_prob: expected a number less than 1, got 1',
    );
    await writeConfig({ num_attention_heads: 3 });
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      'hidden_size 16 is not a multiple of num_attention_heads 3; each head needs a whole number of dimensions',
    );
  });

  it('files that are not JSON, and truncated weights', async () => {
    await writeFile(at('config.json'), '{');
    await expect(loadModelDirectory(directory)).rejects.toThrow(`${at('config.json')}: not JSON: `);
    await writeConfig({});
    await writeFile(at('model.safetensors'), (await readFile(at('model.safetensors'))).subarray(0, -4));
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${at('model.safetensors')}: not a usable safetensors file: truncated: `,
    );
  });

  it('a tokenizer with more tokens than the model', async () => {
    const words = Array.from({ length: 60 }, (_, index) => `w${index}`);
    await writeFile(at('tokenizer.json'), JSON.stringify(wordPieceTokenizerJson(words)));
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${directory}: tokenizer.json has ids up to 64, config.json a vocab_size of 50; ` +
        'they must come from the same model',
    );
  });
});
