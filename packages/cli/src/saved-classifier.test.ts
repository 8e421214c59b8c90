import { join } from 'node:path';
import { floatTensor, type HostTensors } from '@attune/base';
import { loadModelDirectory, saveModelDirectory } from '@attune/checkpoints/node';
import type { InstanceOutput } from '@attune/core';
import { createOnnxEngine, type Engine } from '@attune/engine';
import { fullFineTuning } from '@attune/full-fine-tuning';
import { lora } from '@attune/lora';
import { prepareTrial, trainTrial, WorkerCaches } from '@attune/runner/node';
import { expectAllClose } from '@attune/testing';
import { evaluateModel, paddingOf, trainedParameters } from '@attune/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf, tinyFiles, trainTinyTrial } from '../test/tiny-trial.ts';
import { tinyWorld } from '../test/tiny-world.ts';

const bertLike = { hidden_size: 16, intermediate_size: 32, num_hidden_layers: 2, num_attention_heads: 2 };
const worlds = {
  bert: undefined,
  roberta: { model_type: 'roberta', ...bertLike, pad_token_id: 1, max_position_embeddings: 66, initializer_range: 0.3 },
  gpt2: { model_type: 'gpt2', n_embd: 16, n_inner: 32, n_layer: 2, n_head: 2, n_positions: 64, initializer_range: 0.3 },
};

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

const scoresOf = (outputs: readonly InstanceOutput[]): HostTensors =>
  new Map(outputs.map(({ scores }, index) => [`row ${index}`, floatTensor([scores.length], [...scores])]));

describe.each(Object.entries(worlds))('a fine-tuned %s', (_, config) => {
  let world: Awaited<ReturnType<typeof tinyWorld>>;
  beforeAll(async () => {
    world = await tinyWorld(config);
  });
  afterAll(() => world.remove());

  it.each([
    ['rte', lora, 'classification'],
    ['rte', fullFineTuning, 'classification'],
    ['copa', lora, 'choice'],
  ] as const)('for %s is merged, saved and loaded, and answers as it did', async (task, method, kind) => {
    const caches = new WorkerCaches();
    const trial = { method, task, formulation: 'head', training: { maxSteps: 4, dropout: 0 } } as const;
    const at = { folder: world.folder, engine, caches };
    const { plan, files, prepared, tuned } = await trainTinyTrial(trial, at);
    const { instances, labels } = prepared.report.formulated;
    const trained = tuned.values();
    const expected = scoresOf(await tuned.evaluate(instances));
    tuned.dispose();

    const parameters = trainedParameters({ ...prepared, random: prepared.random.fork('training'), trained });
    const values = prepared.attachment.merge?.(parameters) ?? parameters;
    const base = await caches.model(plan.model.directory);
    const directory = join(world.folder, `${task}-${method.name}`);
    await saveModelDirectory(directory, { ...base, values, head: kind === 'choice' ? { kind } : { kind, labels } });

    // As it is, with the head that it has.
    const { model, tokenizer, values: loaded } = await loadModelDirectory(directory);
    const shared = { ...paddingOf(tokenizer), engine, model, objective: prepared.objective };
    const tolerance = { relative: 1e-5, absolute: 1e-5 };
    expectAllClose(scoresOf(await evaluateModel({ ...shared, values: loaded }, instances)), expected, tolerance);

    // As the checkpoint of another trial, which starts from its head.
    const saved = { ...plan.model, directory };
    const again = await prepareTrial({ plan: { ...plan, model: saved }, files, caches: new WorkerCaches() });
    expect(again.notes).toEqual([expect.stringMatching(/^the checkpoint's \w+ head \(.*\) is used/)]);
    expectAllClose(scoresOf(await evaluateModel({ ...shared, values: again.values }, instances)), expected, tolerance);
  });

  it('starts another task with labels of its own from a new head', async () => {
    const caches = new WorkerCaches();
    const plan = planOf({ method: lora, task: 'boolq', formulation: 'head', training: { maxSteps: 2 } }, world.folder);
    const model = { ...plan.model, directory: join(world.folder, 'rte-lora') };
    const call = { plan: { ...plan, model }, files: tinyFiles(plan, world.folder), caches };
    const { prepared, tuned } = await trainTrial({ ...call, engine });
    tuned.dispose();
    expect(prepared.notes[0]).toMatch(/is not used: it does not fit the labels false, true; a new one is drawn/);
  });
});
