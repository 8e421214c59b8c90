import { floatTensor, type HostTensors } from '@attune/base';
import type { FineTuningMethod, InstanceOutput } from '@attune/core';
import { createOnnxEngine, type Engine, openOnnxModel } from '@attune/engine';
import { evaluateStandalone, inferenceTokens, standaloneModel } from '@attune/export';
import { WorkerCaches } from '@attune/runner/node';
import { expectAllClose } from '@attune/testing';
import { inferenceBatch } from '@attune/training';
import * as web from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainTinyTrial } from '../test/tiny-trial.ts';
import { tinyWorld } from '../test/tiny-world.ts';
import { catalog } from './catalog.ts';

// Every kind of objective.
const posed = [
  { task: 'rte', formulation: 'head' },
  { task: 'copa', formulation: 'head' },
  { task: 'boolq', formulation: 'cloze' },
  { task: 'copa', formulation: 'cloze' },
  { task: 'wsc', formulation: 'cloze' },
] as const;

let world: Awaited<ReturnType<typeof tinyWorld>>;
let engine: Engine;
const caches = new WorkerCaches();

beforeAll(async () => {
  world = await tinyWorld();
  engine = await createOnnxEngine({ threads: 1 });
});
afterAll(async () => {
  await engine.dispose();
  world.remove();
});

async function train(method: FineTuningMethod, posing: (typeof posed)[number]) {
  const training = { learningRate: 1e-2, epochs: 4, maxSteps: 4, warmupRatio: 0 };
  return trainTinyTrial({ method, ...posing, training }, { folder: world.folder, engine, caches });
}

const scoreTensors = (outputs: readonly InstanceOutput[]): HostTensors =>
  new Map(outputs.map(({ scores }, index) => [`instance ${index}`, floatTensor([scores.length], scores)]));

const tolerance = { relative: 1e-5, absolute: 1e-5 };

describe.each(catalog.methods.map((method) => ({ name: method.name, method })))('exported $name', ({ method }) => {
  it.each(posed)('gives what evaluation gives: $task as $formulation', async (posing) => {
    const { prepared, tuned } = await train(method, posing);
    const { instances } = prepared.report.formulated;
    const expected = await tuned.evaluate(instances);
    const model = await openOnnxModel(await standaloneModel(prepared, tuned.values()));
    // One at a time, some, all: batch sizes and lengths that were never traced.
    for (const batchSize of [1, 4, instances.length]) {
      const actual = await evaluateStandalone({ model, prepared, instances, batchSize });
      expect(actual.map(({ filledIds }) => filledIds)).toEqual(expected.map(({ filledIds }) => filledIds));
      expectAllClose(scoreTensors(actual), scoreTensors(expected), tolerance);
    }
    await model.dispose();
    tuned.dispose();
  });
});

// P-tuning's graphs have every operator that the others have.
describe('ONNX Runtime for the web', () => {
  it.each(posed)('gives the same logits: $task as $formulation', async (posing) => {
    const { prepared, tuned } = await train(catalog.methods.find(({ name }) => name === 'p-tuning')!, posing);
    const bytes = await standaloneModel(prepared, tuned.values());
    tuned.dispose();
    const { instances } = prepared.report.formulated;
    const batch = inferenceBatch({ instances, tokens: inferenceTokens(prepared), padId: 0 });
    const model = await openOnnxModel(bytes);
    const expected = await model.run(batch);
    await model.dispose();
    const session = await web.InferenceSession.create(bytes);
    const feeds = [...batch].map(([name, { data, shape }]) => [
      name,
      new web.Tensor('int64', BigInt64Array.from(data, BigInt), [...shape]),
    ]);
    const { logits } = await session.run(Object.fromEntries(feeds));
    const actual = { dtype: 'float32', shape: logits!.dims, data: logits!.data as Float32Array } as const;
    expectAllClose(new Map([['logits', actual]]), expected, tolerance);
  });
});

it('does not depend on padding', async () => {
  const { prepared, tuned } = await train(catalog.methods.find(({ name }) => name === 'p-tuning')!, posed[2]);
  const model = await openOnnxModel(await standaloneModel(prepared, tuned.values()));
  const call = { instances: prepared.report.formulated.instances, tokens: inferenceTokens(prepared), padId: 0 };
  const expected = await model.run(inferenceBatch(call));
  expectAllClose(await model.run(inferenceBatch({ ...call, length: 64 })), expected, tolerance);
  await model.dispose();
  tuned.dispose();
});
