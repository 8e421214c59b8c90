import { join } from 'node:path';
import { fineTune, floatTensor, type HostTensors, type InstanceOutput } from '@attune/core';
import { createOnnxEngine, createWasmEngine, type Engine, openOnnxModel } from '@attune/engine';
import {
  evaluateStandalone,
  type PreparedTrial,
  prepareTrial,
  standaloneModel,
  type TrialPlan,
  WorkerCaches,
} from '@attune/runner';
import { expectAllClose } from '@attune/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog } from '../src/catalog.ts';
import { tinyData, tinyWorld } from './tiny-world.ts';

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

  it.each(posed)('trains compiled as eagerly, and stands alone: $task by $method', async (posing) => {
    const plan = planOf(join(world.folder, 'model'), posing);
    const file = (split: string) => join(world.folder, 'data', plan.task.directory, `${split}.jsonl`);
    const prepared = await prepareTrial({ plan, files: [file('train'), file('dev'), file('val')], caches });
    const [expected, actual] = [await train(eager, prepared, plan), await train(compiled, prepared, plan)];
    const losses = (run: typeof actual) => new Map([['losses', floatTensor([run.losses.length], run.losses)]]);
    expectAllClose(losses(actual), losses(expected), { relative: 1e-4, absolute: 1e-5 });
    expectAllClose(scoresOf(actual.outputs), scoresOf(expected.outputs), { relative: 1e-3, absolute: 1e-3 });
    const model = await openOnnxModel(await standaloneModel(prepared, actual.values));
    const { instances } = prepared.report.formulated;
    const alone = await evaluateStandalone({ model, prepared, instances, batchSize: 4 });
    await model.dispose();
    expectAllClose(scoresOf(alone), scoresOf(actual.outputs), { relative: 1e-5, absolute: 1e-5 });
    expect(actual.losses).toHaveLength(plan.training.maxSteps!);
  });
});

async function train(engine: Engine, prepared: PreparedTrial, { training }: TrialPlan) {
  const { train: split, report, ...call } = prepared;
  const tuned = await fineTune({ ...call, engine, settings: training, instances: split.formulated.instances });
  const outputs = await tuned.evaluate(report.formulated.instances);
  const run = { losses: tuned.losses, values: tuned.values(), outputs };
  tuned.dispose();
  return run;
}

function planOf(directory: string, posing: (typeof posed)[number]): TrialPlan {
  const method = catalog.methods.find(({ name }) => name === posing.method)!;
  return {
    task: catalog.tasks.find(({ name }) => name === posing.task)!,
    arm: { label: method.name, method, settings: method.settings.parse(posing.settings) as Record<string, unknown> },
    model: { name: 'tiny', directory, initialization: 'checkpoint' },
    formulation: posing.formulation,
    training: {
      ...{ learningRate: 1e-3, batchSize: 4, epochs: 4, maxSteps: 4, warmupRatio: 0.1, weightDecay: 0.01 },
      ...{ maxGradientNorm: 1, l1: 0, l2: 0, maxLength: 64, evaluationsPerEpoch: 0.01 },
    },
    seed: 1,
    place: { arm: 'x.ts: arms[0]', pattern: 'x.ts: arms[0]' },
    data: tinyData,
  };
}

function scoresOf(outputs: readonly InstanceOutput[]): HostTensors {
  return new Map(outputs.map(({ scores }, index) => [`instance ${index}`, floatTensor([scores.length], scores)]));
}
