import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { floatTensor, type HostTensors } from '@attune/base';
import type { InstanceOutput } from '@attune/core';
import { createOnnxEngine, createWasmEngine, type Engine, openOnnxModel } from '@attune/engine';
import { evaluateStandalone, standaloneModel } from '@attune/export';
import { WorkerCaches } from '@attune/runner/node';
import { expectAllClose } from '@attune/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparableScores, runTinyTrial, type TrialNumbers, trainTinyTrial } from '../test/tiny-trial.ts';
import { tinyWorld } from '../test/tiny-world.ts';
import { catalog } from './catalog.ts';

const posed = [
  { task: 'rte', formulation: 'head' },
  { task: 'copa', formulation: 'head' },
  { task: 'boolq', formulation: 'cloze' },
  { task: 'copa', formulation: 'cloze' },
] as const;

const llama = {
  ...{ hidden_size: 16, intermediate_size: 32, num_hidden_layers: 2, num_attention_heads: 2 },
  ...{ num_key_value_heads: 1, initializer_range: 0.3 },
};
const worlds = {
  gpt2: { model_type: 'gpt2', n_embd: 16, n_inner: 32, n_layer: 2, n_head: 2, n_positions: 64, initializer_range: 0.3 },
  llama: { model_type: 'llama', ...llama },
  qwen3: { model_type: 'qwen3', ...llama, head_dim: 6, tie_word_embeddings: true },
};

const methods = catalog.methods.filter(({ name }) => name !== 'zero-shot');
const tolerance = { relative: 1e-4, absolute: 1e-4 };

let eager: Engine;
let compiled: Engine;
beforeAll(async () => {
  eager = await createWasmEngine();
  compiled = await createOnnxEngine({ threads: 1 });
});
afterAll(async () => {
  await compiled.dispose();
  await eager.dispose();
});

const numbers = (name: string, rows: readonly (readonly number[])[]): HostTensors =>
  new Map(rows.map((row, index) => [`${name} ${index}`, floatTensor([row.length], [...row])]));
const scoresOf = (outputs: readonly InstanceOutput[]) =>
  numbers(
    'instance',
    outputs.map(({ scores }) => scores),
  );

describe.each(Object.entries(worlds))('%s', (_, config) => {
  const caches = new WorkerCaches();
  let world: Awaited<ReturnType<typeof tinyWorld>>;
  beforeAll(async () => {
    world = await tinyWorld(config);
  });
  afterAll(() => world.remove());

  describe.each(methods.map((method) => ({ name: method.name, method })))('$name', ({ method }) => {
    it.each(posed)('computes the same compiled as eagerly: $task as $formulation', async (posing) => {
      const trial = { method, ...posing, training: { maxSteps: 6 } };
      const at = { folder: world.folder, caches };
      const expected = await runTinyTrial(trial, { ...at, engine: eager });
      const actual = await runTinyTrial(trial, { ...at, engine: compiled });
      expect(actual.losses).toHaveLength(6);
      expectAllClose(numbers('loss', [actual.losses]), numbers('loss', [expected.losses]), tolerance);
      const scores = (of: TrialNumbers) => numbers('score', comparableScores(posing, of.scores));
      expectAllClose(scores(actual), scores(expected), tolerance);
    });
  });

  it.each(posed.slice(0, 3))('is exported as it is evaluated: $task as $formulation', async (posing) => {
    const method = catalog.methods.find(({ name }) => name === 'p-tuning')!;
    const at = { folder: world.folder, engine: compiled, caches };
    const { prepared, tuned } = await trainTinyTrial({ method, ...posing }, at);
    const { instances } = prepared.report.formulated;
    const expected = scoresOf(await tuned.evaluate(instances));
    const model = await openOnnxModel(await standaloneModel(prepared, tuned.values()));
    for (const batchSize of [1, instances.length]) {
      const actual = await evaluateStandalone({ model, prepared, instances, batchSize });
      expectAllClose(scoresOf(actual), expected, { relative: 1e-5, absolute: 1e-5 });
    }
    await model.dispose();
    tuned.dispose();
  });
});

// Where the tokenizer has no mask an unknown word stands for it, and texts have unknown words too.
it.each([null, 3])('finds the mask behind unknown words, before the end %s of texts', async (end) => {
  const world = await tinyWorld(worlds.gpt2);
  const at = (...names: string[]) => join(world.folder, ...names);
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  writeFileSync(at('model', 'tokenizer_config.json'), JSON.stringify({ mask_token: null, cls_token: null }));
  const text = { Sequence: { id: 'A', type_id: 0 } };
  const sep = { SpecialToken: { id: '[SEP]', type_id: 0 } };
  const single = [text, ...(end === null ? [] : [sep])];
  const pair = [text, { Sequence: { id: 'B', type_id: 0 } }, ...(end === null ? [] : [sep])];
  const special_tokens = { '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] } };
  const post_processor = { type: 'TemplateProcessing', single, pair, special_tokens };
  edit(at('model', 'tokenizer.json'), (json) => JSON.stringify({ ...JSON.parse(json), post_processor }));
  edit(at('data', 'BoolQ', 'val.jsonl'), (rows) => rows.replaceAll('The ', 'The € '));
  const method = catalog.methods.find(({ name }) => name === 'lora')!;
  const trial = { method, task: 'boolq', formulation: 'cloze' } as const;
  const call = { folder: world.folder, engine: compiled, caches: new WorkerCaches() };
  const { prepared, tuned } = await trainTinyTrial(trial, call);
  const { instances } = prepared.report.formulated;
  const model = await openOnnxModel(await standaloneModel(prepared, tuned.values()));
  const actual = await evaluateStandalone({ model, prepared, instances, batchSize: 8 });
  expectAllClose(scoresOf(actual), scoresOf(await tuned.evaluate(instances)), { relative: 1e-5, absolute: 1e-5 });
  await model.dispose();
  tuned.dispose();
  world.remove();
});
