import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floatTensor, type StepEngine } from '@attune/base';
import type { Attachment, FineTuningMethod, Instance, ParameterSpec, Task } from '@attune/core';
import { createOnnxEngine, type Engine } from '@attune/engine';
import { sampleEnvironment } from '@attune/records/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tideLines, tides as tideTask } from '../../test/tide-task.ts';
import { saveTinyModel } from '../../test/tiny-model.ts';
import { resolveExperiment } from '../experiment/resolve-experiment.ts';
import { expandTrials } from '../trial/expand-trials.ts';
import { WorkerCaches } from '../trial/prepare-trial.ts';
import { runTrial, type TrialContext } from '../trial/run-trial.ts';
import type { ProvedRecord } from './compare-with-record.ts';
import { proveRecord } from './standing.ts';

const tides = tideTask as Task;

const scale: ParameterSpec = {
  ...{ name: 'turn.scale', shape: [1], role: 'adapter', initializer: { kind: 'ones' }, decay: false },
};

/** Trains one factor on each output of a query projection, and the biases of the layers. */
const turn: FineTuningMethod = {
  name: 'turn',
  settings: z.strictObject({}),
  attach: () => attachment({}),
};

function attachment(change: Partial<Attachment>): Attachment {
  return {
    parameters: [scale],
    initialValues: () => new Map([['turn.scale', floatTensor([1], [1])]]),
    isTrainable: ({ name }) => name === 'turn.scale' || name.endsWith('query.bias'),
    hooks: {
      linear: { output: ({ name, output, parameters }) => turned(name, output, parameters.get('turn.scale')!) },
    },
    numVirtualTokens: 0,
    ...change,
  };
}

const turned = (name: string, output: tf.Tensor, by: tf.Tensor) =>
  name.endsWith('query') ? tf.mul(output, by) : output;

let folder: string;
let engine: Engine;
/** Of the unchanged trial, and of one that trains nothing. */
let record: ProvedRecord;
let still: ProvedRecord;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attune-proof-'));
  await saveTinyModel(join(folder, 'model'));
  mkdirSync(join(folder, 'data', 'Tides'), { recursive: true });
  for (const [split, count, offset] of [
    ['train', 16, 0],
    ['dev', 8, 3],
    ['val', 8, 5],
  ] as const) {
    writeFileSync(join(folder, 'data', 'Tides', `${split}.jsonl`), tideLines(count, offset));
  }
  engine = await createOnnxEngine();
  record = await recordOf({});
  still = await recordOf({ attach: nothingTrained });
});
afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

const nothingTrained = () => attachment({ isTrainable: () => false });

interface Change {
  readonly attach?: FineTuningMethod['attach'];
  readonly task?: Partial<Task>;
  readonly engine?: StepEngine;
}

/** The trial of a new process whose code is changed in one place. */
async function planned({ attach, task, engine: other }: Change) {
  const method = attach === undefined ? turn : { ...turn, attach };
  const definition = {
    ...{ name: 'proofs', title: 'Tides', question: 'High or low?', seeds: [1], arms: [{ method }] },
    models: [{ name: 'tiny', directory: 'model' }],
    data: { directory: 'data', regime: 'full', splits: { train: 'train', select: 'dev', report: 'val' } },
    tasks: [{ ...tides, ...task }],
    training: { learningRate: 0.01, batchSize: 8, epochs: 4, maxLength: 16, dropout: 0.1 },
  };
  const catalog = { methods: [], tasks: [], models: {}, codeDirectories: {} };
  const experiment = await resolveExperiment({ definition, file: 'x', baseDirectory: folder, catalog });
  const surroundings = { engine: { name: 'onnx', device: 'cpu' }, libraries: {}, code: 'c'.repeat(64) };
  const [trial] = await expandTrials(experiment, surroundings);
  // An engine may keep steps of one key; another process would not have them.
  const fresh = other ?? withoutKeys(engine);
  const context: TrialContext = {
    experiment,
    engine: fresh,
    environment: sampleEnvironment,
    caches: new WorkerCaches(),
  };
  return { trial: trial!, context };
}

const withoutKeys = (given: Engine): StepEngine => ({
  createStore: (values) => given.createStore(values),
  prepare: ({ key, ...definition }) => given.prepare(definition),
});

async function recordOf(change: Change): Promise<ProvedRecord> {
  const { trial, context } = await planned(change);
  const finished = await runTrial(trial, context);
  expect(finished.record).toMatchObject({ status: 'completed', proof: expect.anything() });
  return finished.record as ProvedRecord;
}

async function differences(change: Change, recorded = record): Promise<readonly string[]> {
  const { trial, context } = await planned(change);
  expect(trial.key).toBe(recorded.key);
  return (await proveRecord(trial, recorded, context)).differences;
}

/** The task with what it makes of rows changed. */
const formulatedAs = (change: (formulated: ReturnType<Task['formulate']>) => object): Partial<Task> => ({
  formulate: (call) => ({ ...tides.formulate(call), ...change(tides.formulate(call)) }),
});

const withIds = (instance: Instance, change: (ids: readonly number[]) => number[]): Instance =>
  instance.kind === 'cloze'
    ? { ...instance, sequence: { ...instance.sequence, inputIds: change(instance.sequence.inputIds) } }
    : instance;

describe('a record is taken over', () => {
  it('when nothing changed', async () => {
    expect(await differences({})).toEqual([]);
    expect(await differences({ attach: nothingTrained }, still)).toEqual([]);
  });
});

describe('a trial runs again when it is changed in', () => {
  const cases: readonly (readonly [what: string, change: Change, differs: readonly string[]])[] = [
    [
      'the arithmetic of its method',
      {
        attach: () =>
          attachment({
            hooks: { linear: { output: ({ output, parameters }) => tf.mul(output, parameters.get('turn.scale')!) } },
          }),
      },
      ['the training step differs', 'the evaluation step differs'],
    ],
    [
      'a learning rate of its method',
      { attach: () => attachment({ learningRateScale: () => 2 }) },
      ['the training step differs'],
    ],
    [
      'a first value of its method',
      { attach: () => attachment({ initialValues: () => new Map([['turn.scale', floatTensor([1], [1.5])]]) }) },
      ['initial values differ'],
    ],
    [
      'what its method trains',
      { attach: () => attachment({ isTrainable: ({ name }) => name === 'turn.scale' }) },
      ['initial values differ', 'the training step differs'],
    ],
    [
      'the pattern of its task',
      {
        task: formulatedAs(({ instances }) => ({
          instances: instances.map((one) => withIds(one, (ids) => ids.with(1, ids[2]!))),
        })),
      },
      [
        'instances of the training split differ',
        'instances of the selection split differ',
        'instances of the reported split differ',
      ],
    ],
    [
      'the label words of its task',
      { task: formulatedAs(({ verbalizer }) => ({ verbalizer: [...verbalizer!].reverse() })) },
      ['instances of the training split differ', 'the training step differs', 'the evaluation step differs'],
    ],
    [
      'the order of its rows',
      { task: { parseRows: (bytes, file) => tides.parseRows(bytes, file).toReversed() } },
      ['instances of the training split differ'],
    ],
    [
      'the metric of its task',
      { task: { score: (rows, predictions) => ({ accuracy: tides.score(rows, predictions).accuracy! ** 2 }) } },
      ['what the task makes of outputs differs'],
    ],
    [
      // Scores are results, and a run that starts afresh gives their bits: one that is taken over gives no others.
      'the last bit of its metric, as another order of summation gives it',
      {
        task: {
          score: (rows, predictions) => ({ accuracy: tides.score(rows, predictions).accuracy! * (1 + 2 ** -52) }),
        },
      },
      ['what the task makes of outputs differs', 'scores of the recorded answers differ'],
    ],
    [
      'how its task reads outputs',
      {
        task: formulatedAs(({ predict }) => ({
          predict: (rows: readonly unknown[], outputs: Parameters<typeof predict>[1]) =>
            predict(
              rows,
              outputs.map(({ scores }) => ({ scores: scores.map((score) => -score) })),
            ),
        })),
      },
      ['what the task makes of outputs differs'],
    ],
    ['the score of chance', { task: { chance: () => ({ accuracy: 0.25 }) } }, ['scores of chance differ']],
    [
      'the score of the majority',
      { task: { majority: () => ({ accuracy: 0.25 }) } },
      ['scores of the majority class differ'],
    ],
    [
      'an error that it ends with now',
      {
        task: {
          formulate: () => {
            throw new TypeError('no such field');
          },
        },
      },
      ['it cannot be proved (TypeError: no such field)'],
    ],
  ];

  it.each(cases)('%s', async (_, change, expected) => {
    expect(await differences(change)).toEqual(expect.arrayContaining([...expected]));
  });

  it.each([
    ['the rule of selection', { selection: { bestStep: 2, bestScore: -1 } }, ['the selected step differs']],
    [
      'the rule of stopping',
      {
        learningCurve: [{ step: 2, epoch: 1, trainLoss: 1, selectionScore: 0.5 }],
        selection: { bestStep: 2, bestScore: 0.5 },
      },
      ['the steps that are followed by an evaluation differ'],
    ],
    [
      'the numbers of examples',
      { counts: { trainExamples: 16, selectionExamples: 8, reportedExamples: 7, steps: 8 } },
      ['numbers of examples differ'],
    ],
    [
      'the counting of operations',
      { costs: { trainableParameters: 1, totalParameters: 1, flops: 1, adapterBytes: 1 } },
      ['operations of the training differ'],
    ],
    [
      'a score that was recorded',
      { scores: { accuracy: 0.999, score: 0.999 } },
      ['scores of the recorded answers differ'],
    ],
  ])('%s', async (_, change, expected) => {
    expect(await differences({}, { ...record, ...change })).toEqual(expected);
  });

  it('the lowering of an evaluation, which nothing but its outputs shows', async () => {
    const nudged: StepEngine = {
      createStore: (values) => engine.createStore(values),
      prepare: ({ key, ...definition }) => {
        const step = engine.prepare(definition);
        const run: typeof step.run = async (batch, noise) => {
          const outputs = await step.run(batch, noise);
          for (const { data } of outputs.values()) data[0]! *= 1 + 2 ** -22;
          return outputs;
        };
        return { run, costs: (batch) => step.costs(batch), dispose: () => step.dispose() };
      },
    };
    expect(await differences({ attach: nothingTrained, engine: nudged }, still)).toEqual([
      'outputs after the first steps differ',
    ]);
  });
});

describe('on another kind of processor', () => {
  type Numbers = readonly (number | null)[];

  /** The record as if it had been made there, every number of its first steps changed, no hash the same. */
  const elsewhere = (change: (value: number | null) => number | null): ProvedRecord => {
    const { losses, norm, outputs } = record.proof.firstSteps;
    const moved = (values: Numbers) => values.map(change);
    const firstSteps = {
      ...{ processor: 'an abacus', parameters: 'a'.repeat(64), losses: moved(losses), norm: change(norm) },
      outputs: { first: moved(outputs.first), hash: 'b'.repeat(64) },
    };
    return { ...record, proof: { ...record.proof, firstSteps } };
  };
  const by = (relative: number) => elsewhere((value) => value! * (1 + relative));

  async function compared(recorded: ProvedRecord, change: Change = {}) {
    const { trial, context } = await planned(change);
    return proveRecord(trial, recorded, context);
  }

  const allDiffer = [
    'losses of the first steps differ',
    'parameters after the first steps differ',
    'outputs after the first steps differ',
  ];

  it.each([0, 1e-6, -1e-6, 0.9e-4, -0.9e-4])(
    'takes a record over whose first steps differ by %d, and says so',
    async (relative) => {
      expect(await compared(by(relative))).toEqual({ differences: [], otherProcessor: true });
    },
  );

  it.each([1.1e-4, -1.1e-4, 1e-3])('runs a trial again whose first steps differ by %d', async (relative) => {
    expect(await compared(by(relative))).toEqual({ differences: allDiffer, otherProcessor: true });
  });

  it('takes nothing that is not finite for near, nor numbers that are missing', async () => {
    expect(await compared(elsewhere(() => null))).toEqual({ differences: allDiffer, otherProcessor: true });
    const short = by(0);
    const { firstSteps } = short.proof;
    const losses = firstSteps.losses.slice(1);
    const shorter = { ...short, proof: { ...short.proof, firstSteps: { ...firstSteps, losses } } };
    expect((await compared(shorter)).differences).toEqual(['losses of the first steps differ']);
  });

  it('compares all else to the bit', async () => {
    const initialValues = () => new Map([['turn.scale', floatTensor([1], [1 + 1e-6])]]);
    const { differences } = await compared(by(0), { attach: () => attachment({ initialValues }) });
    expect(differences).toEqual(['initial values differ']);
  });
});
