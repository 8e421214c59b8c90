import { floatTensor, type HostTensors } from '@attune/base';
import { createOnnxEngine, createWasmEngine, type Engine, openOnnxModel } from '@attune/engine';
import { evaluateStandalone, standaloneModel } from '@attune/export';
import { WorkerCaches } from '@attune/runner/node';
import { expectAllClose } from '@attune/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  comparableScores,
  runTinyTrial,
  type TinyTrial,
  type TrialNumbers,
  trainTinyTrial,
} from '../test/tiny-trial.ts';
import { tinyWorld } from '../test/tiny-world.ts';
import { catalog } from './catalog.ts';

const bertLike = {
  ...{ hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32, initializer_range: 0.3 },
  hidden_dropout_prob: 0.1,
};
const distilBert = { dim: 16, n_layers: 2, n_heads: 2, hidden_dim: 32, initializer_range: 0.3 };
const configs = [
  { model_type: 'roberta', ...bertLike, max_position_embeddings: 66, type_vocab_size: 1 },
  { model_type: 'distilbert', ...distilBert },
  { model_type: 'albert', ...bertLike, embedding_size: 8 },
  { model_type: 'electra', ...bertLike, embedding_size: 8, architectures: ['ElectraForMaskedLM'] },
];

// Heads of both kinds and a cloze; adapters that are merged, prompts that are not, and neither.
const posed = [
  { method: 'lora', settings: { dropout: 0.2 }, task: 'rte', formulation: 'head' },
  { method: 'full-fine-tuning', settings: {}, task: 'copa', formulation: 'head' },
  { method: 'p-tuning', settings: {}, task: 'boolq', formulation: 'cloze' },
] as const;

describe.each(configs)('$model_type', (config) => {
  const caches = new WorkerCaches();
  let world: Awaited<ReturnType<typeof tinyWorld>>;
  let eager: Engine;
  let compiled: Engine;
  beforeAll(async () => {
    world = await tinyWorld(config);
    eager = await createWasmEngine();
    compiled = await createOnnxEngine({ threads: 1 });
  });
  afterAll(async () => {
    await compiled.dispose();
    await eager.dispose();
    world.remove();
  });

  it.each(posed)(
    'trains compiled as eagerly, and stands alone: $task by $method',
    async ({ method: name, ...posing }) => {
      const method = catalog.methods.find((known) => known.name === name)!;
      const trial = { method, ...posing, training: { maxSteps: 4 } };
      const expected = await runTinyTrial(trial, { folder: world.folder, engine: eager, caches });
      const actual = await runTinyTrial(trial, { folder: world.folder, engine: compiled, caches });
      expect(actual.losses).toHaveLength(4);
      expectAllClose(numbers([actual.losses]), numbers([expected.losses]), { relative: 1e-4, absolute: 1e-5 });
      const scores = (of: TrialNumbers) => numbers(comparableScores(posing, of.scores));
      expectAllClose(scores(actual), scores(expected), { relative: 1e-4, absolute: 1e-4 });
      expectAllClose(numbers(await scoresAlone(trial)), numbers(actual.scores), { relative: 1e-5, absolute: 1e-5 });
    },
  );

  /** What the same trial gives as one ONNX file. */
  async function scoresAlone(trial: TinyTrial): Promise<number[][]> {
    const { prepared, tuned } = await trainTinyTrial(trial, { folder: world.folder, engine: compiled, caches });
    const model = await openOnnxModel(await standaloneModel(prepared, tuned.values()));
    tuned.dispose();
    const { instances } = prepared.report.formulated;
    const outputs = await evaluateStandalone({ model, prepared, instances, batchSize: 4 });
    await model.dispose();
    return outputs.map(({ scores }) => [...scores]);
  }
});

const numbers = (rows: readonly (readonly number[])[]): HostTensors =>
  new Map(rows.map((row, index) => [`row ${index}`, floatTensor([row.length], row)]));
