import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostTensors, PreparedStep, StepEngine } from '@attune/base';
import { sha256Hex } from '@attune/base';
import type { FineTuningMethod } from '@attune/core';
import { createOnnxEngine, memoryAdvice } from '@attune/engine';
import { isSealed, parseScores, sameResults, trialRecordSchema, unpackPredictions } from '@attune/records';
import { sampleEnvironment } from '@attune/records/testing';
import { referenceEngine } from '@attune/testing';
import { zeroShot } from '@attune/zero-shot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tideLines, tides } from '../../test/tide-task.ts';
import { saveTinyModel } from '../../test/tiny-model.ts';
import { arm, defineExperiment } from '../experiment/definition.ts';
import { resolveExperiment } from '../experiment/resolve-experiment.ts';
import type { ArmDefinition } from '../experiment/schema.ts';
import { expandTrials } from './expand-trials.ts';
import { WorkerCaches } from './prepare-trial.ts';
import { runTrial } from './run-trial.ts';

const everything: FineTuningMethod<Record<string, never>> = {
  name: 'everything',
  settings: z.strictObject({}),
  attach: () => ({ ...zeroShot.attach({} as never), isTrainable: () => true }),
};

const refusing: FineTuningMethod<Record<string, never>> = {
  ...everything,
  name: 'refusing',
  attach: () => {
    throw new TypeError('no such knob');
  },
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attune-trial-'));
  await saveTinyModel(join(folder, 'model'));
  await saveTinyModel(join(folder, 'left'), { padding_side: 'left' });
  mkdirSync(join(folder, 'data', 'Tides'), { recursive: true });
  writeFileSync(join(folder, 'data', 'Tides', 'train.jsonl'), tideLines(16));
  writeFileSync(join(folder, 'data', 'Tides', 'dev.jsonl'), tideLines(8, 3));
  writeFileSync(join(folder, 'data', 'Tides', 'val.jsonl'), tideLines(8, 5));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Change {
  readonly model?: string;
  readonly report?: string;
  readonly initialization?: 'random';
  readonly engine?: StepEngine;
  readonly saveWeightsIn?: string;
}

/** The engine, which hands over the batch of each step before it is run. */
function watchedEngine(engine: StepEngine, onRun: (batch: HostTensors) => void): StepEngine {
  const watched = (step: PreparedStep): PreparedStep => ({
    run: async (batch, noise) => {
      onRun(batch);
      return step.run(batch, noise);
    },
    costs: (batch) => step.costs(batch),
    dispose: () => step.dispose(),
  });
  return {
    createStore: (values) => engine.createStore(values),
    prepare: (definition) => watched(engine.prepare(definition)),
  };
}

/** The reference engine, whose third step ends with an error of the runtime. */
function breakingEngine(error: Error): StepEngine {
  let runs = 0;
  return watchedEngine(referenceEngine(), () => {
    runs += 1;
    if (runs === 3) throw error;
  });
}

const run = async (arms: readonly ArmDefinition[], change: Change = {}) => (await finish(arms, change)).record;

async function finish(arms: readonly ArmDefinition[], change: Change = {}) {
  const definition = defineExperiment({
    name: 'tide-trials',
    title: 'Tides',
    question: 'High or low?',
    models: [
      { name: 'tiny', directory: change.model ?? 'model', initialization: change.initialization ?? 'checkpoint' },
    ],
    data: {
      directory: 'data',
      regime: 'full',
      splits: { train: 'train', select: 'dev', report: change.report ?? 'val' },
      mayBeAbsent: true,
    },
    tasks: [tides],
    arms,
    training: { learningRate: 0.01, batchSize: 8, epochs: 8, maxLength: 16, dropout: 0, warmupRatio: 0 },
    seeds: [1],
  });
  const catalog = { methods: [], tasks: [], models: {}, codeDirectories: {} };
  const experiment = await resolveExperiment({ definition, file: 'x', baseDirectory: folder, catalog });
  const trials = await expandTrials(experiment, {
    engine: { name: 'reference', device: 'cpu' },
    libraries: {},
    code: 'c'.repeat(64),
  });
  const engine = change.engine ?? referenceEngine();
  const context = { experiment, engine, environment: sampleEnvironment, caches: new WorkerCaches() };
  const { saveWeightsIn } = change;
  const finished = await runTrial(trials[0]!, saveWeightsIn === undefined ? context : { ...context, saveWeightsIn });
  const { record, scores, losses } = finished;
  expect(trialRecordSchema.parse(record)).toEqual(record);
  expect(isSealed(record)).toBe(true);
  expect(record.predictions.scoresHash).toBe(scores === undefined ? undefined : sha256Hex(scores));
  expect(record.lossesHash).toBe(losses === undefined ? undefined : sha256Hex(losses));
  return finished;
}

describe('runTrial', () => {
  it('trains, selects on one split and scores the other', async () => {
    const record = await run([arm(everything)]);
    expect(record).toMatchObject({
      status: 'completed',
      code: 'c'.repeat(64),
      scores: { accuracy: 1, score: 1 },
      chance: { accuracy: 0.5, score: 0.5 },
      counts: { trainExamples: 16, selectionExamples: 8, reportedExamples: 8, steps: 16 },
      selection: { bestScore: 1 },
      run: { environment: sampleEnvironment },
    });
    const points = record.learningCurve.map(({ step, epoch }) => `${step} ${epoch}`);
    expect(points).toEqual(['0 0', '2 1', '4 2', '6 3', '8 4', '10 5', '12 6', '14 7', '16 8']);
    expect(unpackPredictions(record.predictions).map(({ id, predicted }) => `${id} ${predicted}`)).toEqual([
      ...['t5 low', 't6 high', 't7 low', 't8 high', 't9 low', 't10 high', 't11 low', 't12 high'],
    ]);
    expect(record.costs.trainableParameters).toBe(record.costs.totalParameters);
    expect(record.costs.adapterBytes).toBeGreaterThan(4 * record.costs.trainableParameters);
    expect(record.run.peakMemoryBytes).toBeGreaterThan(1e7);
  });

  it('gives the same losses, scores and parameters again', async () => {
    const [first, second] = [await run([arm(everything)]), await run([arm(everything)])];
    expect(sameResults(first!, second!)).toBe(true);
    expect(second!.run).not.toEqual(first!.run);
  });

  it.each([
    ['with nothing trained', zeroShot, 0],
    ['with everything trained', everything, 16],
  ])('pads where the tokenizer says, which changes no result %s', async (_, method, steps) => {
    const engine = await createOnnxEngine();
    const once = async (model: string) => {
      const sides = new Set<string>();
      const watched = watchedEngine(engine, (batch) => sides.add(batch.has('positions') ? 'left' : 'right'));
      const { record, scores } = await finish([arm(method)], { model, engine: watched });
      expect(record).toMatchObject({ status: 'completed', counts: { steps } });
      const numbers = [...record.learningCurve.map(({ trainLoss }) => trainLoss ?? 0)];
      return { sides: [...sides], numbers: [...numbers, ...parseScores(scores!).flatMap((row) => row!)] };
    };
    const [right, left] = [await once('model'), await once('left')];
    await engine.dispose();
    expect([right.sides, left.sides]).toEqual([['right'], ['left']]);
    // Sums are taken in another order, and training carries the difference on.
    expect(left.numbers).toEqual(right.numbers.map((value) => expect.closeTo(value, 4)));
  });

  it('is no failed trial when the disk does not take its weights: it ends the run', async () => {
    const saveWeightsIn = join(folder, 'model', 'config.json');
    await expect(run([arm(everything)], { saveWeightsIn })).rejects.toThrow(/safetensors: cannot be written: ENOTDIR/);
  });

  it('draws other weights for a random initialisation', async () => {
    const [checkpoint, random] = [await run([arm(zeroShot)]), await run([arm(zeroShot)], { initialization: 'random' })];
    expect(random.predictions.scoresHash).not.toBe(checkpoint.predictions.scoresHash);
  });

  it('scores zero-shot without a step', async () => {
    const record = await run([arm(zeroShot)]);
    expect(record).toMatchObject({
      status: 'completed',
      counts: { steps: 0 },
      costs: { trainableParameters: 0, flops: 0, adapterBytes: 0 },
    });
    expect(record.predictions.count).toBe(8);
  });

  it('records an absent split as no-data', async () => {
    const record = await run([arm(everything)], { report: 'test' });
    expect(record).toMatchObject({ status: 'no-data', message: 'Tides/test.jsonl: not in the data', scores: {} });
  });

  it('records a loss that is not finite as diverged', async () => {
    const record = await run([arm(everything, {}, { training: { learningRate: 1e30 } })]);
    expect(record).toMatchObject({ status: 'diverged', scores: {}, predictions: { count: 0 } });
    expect(record.message).toMatch(/^a loss or an output was not finite at step \d$/);
  });

  it('records an exception as failed, with its message', async () => {
    const record = await run([arm(refusing)]);
    expect(record).toMatchObject({ status: 'failed', message: 'TypeError: no such knob' });
  });

  it('records memory that ran out and a device that went away in the middle, and goes on', async () => {
    const engine = breakingEngine(new RangeError('Array buffer allocation failed'));
    expect(await run([arm(everything)], { engine })).toMatchObject({
      status: 'failed',
      message: `RangeError: Array buffer allocation failed; ${memoryAdvice}`,
      scores: {},
    });
    expect(await run([arm(everything)], { engine })).toMatchObject({ status: 'completed' });
    const lost = breakingEngine(new Error('step "train" lost its device'));
    expect(await run([arm(everything)], { engine: lost })).toMatchObject({
      status: 'failed',
      message: 'Error: step "train" lost its device',
    });
  });

  it('records a folder that goes away in the middle, and goes on', async () => {
    const gone = join(folder, 'scratch');
    const engine = await createOnnxEngine({ hoistMemoryBytes: 0, hoistDirectory: gone });
    rmSync(gone, { recursive: true });
    const record = await run([arm(zeroShot)], { engine });
    expect(record).toMatchObject({ status: 'failed', scores: {} });
    expect(record.message).toMatch(/^ResourceError: .*which are computed once and kept: .*scratch\/attune-hoisted-/);
    expect(record.message).toContain('make the folder writable or choose another, keep more in memory');
    mkdirSync(gone);
    expect(await run([arm(zeroShot)], { engine })).toMatchObject({ status: 'completed' });
    await engine.dispose();
  });
});
