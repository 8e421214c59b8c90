import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { floatTensor, type HostTensors, randomSource } from '@attune/base';
import { type Instance, nothingAttached } from '@attune/core';
import { createOnnxEngine, createWasmEngine, type Engine } from '@attune/engine';
import { lora } from '@attune/lora';
import { pTuning } from '@attune/p-tuning';
import { WorkerCaches } from '@attune/runner/node';
import { tasks } from '@attune/superglue';
import { expectAllClose, tinyBert } from '@attune/testing';
import { createObjective, fineTune } from '@attune/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparableScores, planOf, runTinyTrial, type TinyTrial } from '../test/tiny-trial.ts';
import { tinyWorld } from '../test/tiny-world.ts';

// One layer, one head, one row to train on, to select by and to report, one step of a batch of one: whatever counts
// something must also count to one, compiled and eagerly.
const one = { batchSize: 1, epochs: 1, maxSteps: 1, warmupRatio: 0 };

const methods = [
  { method: pTuning, settings: { numVirtualTokens: 1 } },
  { method: pTuning, settings: { numVirtualTokens: 1, encoder: 'identity' } },
  { method: lora, settings: { rank: 1 } },
] as const;

let world: Awaited<ReturnType<typeof tinyWorld>>;
let eager: Engine;
let compiled: Engine;
const caches = new WorkerCaches();

const depth = { num_hidden_layers: 1, num_attention_heads: 1 };
const size = { hidden_size: 16, intermediate_size: 32, max_position_embeddings: 66 };
const families = [
  { model_type: 'roberta', ...depth, ...size },
  { model_type: 'distilbert', dim: 16, hidden_dim: 32, n_layers: 1, n_heads: 1, max_position_embeddings: 64 },
  { model_type: 'albert', ...depth, ...size, embedding_size: 8 },
  { model_type: 'gpt2', n_embd: 16, n_layer: 1, n_head: 1, n_positions: 64 },
  { model_type: 'llama', ...depth, ...size, num_key_value_heads: 1 },
];

beforeAll(async () => {
  world = await tinyWorld(depth);
  eager = await createWasmEngine();
  compiled = await createOnnxEngine({ threads: 1 });
  for (const { directory, exampleRow } of tasks) {
    const folder = join(world.folder, 'data', directory);
    mkdirSync(folder, { recursive: true });
    for (const split of ['train', 'dev', 'val']) {
      writeFileSync(join(folder, `${split}.jsonl`), `${JSON.stringify(exampleRow)}\n`);
    }
  }
});
afterAll(async () => {
  await compiled.dispose();
  await eager.dispose();
  world.remove();
});

async function run(engine: Engine, trial: TinyTrial, { folder } = world): Promise<HostTensors> {
  const { losses, scores } = await runTinyTrial(trial, { folder, engine, caches });
  expect(losses).toHaveLength(1);
  const rows = [losses, ...comparableScores(trial, scores)].map(
    (row, index) => [`${index}`, floatTensor([row.length], row)] as const,
  );
  return new Map(rows);
}

const posed = tasks.flatMap(({ name, formulations }) =>
  formulations.map((formulation) => ({ task: name, formulation })),
);

describe.each(posed)('$task as $formulation', (posing) => {
  it.each(methods)('trains and answers with one of everything: $method.name $settings', async (arm) => {
    const trial = { ...arm, ...posing, training: one };
    expectAllClose(await run(compiled, trial), await run(eager, trial), { relative: 1e-4, absolute: 1e-4 });
  });
});

describe.each(families)('$model_type of one layer and one head', (config) => {
  it.each(['cloze', 'head'] as const)('trains and answers with one pseudo token: %s', async (formulation) => {
    const own = await tinyWorld(config);
    const trial = { ...methods[0], task: 'rte', formulation, training: { ...one, epochs: 12 } };
    const [actual, expected] = [await run(compiled, trial, own), await run(eager, trial, own)];
    own.remove();
    expectAllClose(actual, expected, { relative: 1e-4, absolute: 1e-4 });
  });
});

describe('a vocabulary of one word', () => {
  const { model, values } = tinyBert({ vocab_size: 1, ...depth });
  const sequence = { inputIds: [0, 0], tokenTypeIds: [0, 0], maskPositions: [1], virtualTokenPositions: [] };
  const settings = planOf({ method: lora, task: 'boolq', formulation: 'cloze', training: one }, '').training;
  const instances: readonly Instance[] = [
    { kind: 'classification', sequence, label: 0 },
    { kind: 'choice', sequences: [sequence], label: 0 },
    { kind: 'cloze', sequence, label: 0 },
    { kind: 'candidates', sequences: [sequence], targets: [[0]], label: 0 },
    { kind: 'fill', sequence, targets: [0] },
  ];
  const attachment = { ...nothingAttached, isTrainable: () => true };

  it.each(instances)('is enough for one label, choice or candidate: $kind', async (instance) => {
    const objective = createObjective({ kind: instance.kind, model, numLabels: 1, verbalizer: [[0]] });
    const trained = async (engine: Engine) => {
      const call = { engine, model, values, attachment, objective, settings, instances: [instance] };
      const tuned = await fineTune({ ...call, random: randomSource(1) });
      const [output] = await tuned.evaluate([instance]);
      tuned.dispose();
      return { losses: tuned.losses.map(Math.abs), ...output };
    };
    // All probability is on the only answer there is, so the loss is 0 (and the score of what is spelled out, too).
    const expected = await trained(eager);
    expect(expected.losses).toEqual([0]);
    const actual = await trained(compiled);
    expect(actual.losses).toEqual([0]);
    expect(actual.filledIds).toEqual(expected.filledIds);
    expect(actual.scores).toHaveLength(1);
    expect(actual.scores![0]).toBeCloseTo(expected.scores![0]!, 4);
  });
});
