import { sha256Hex } from '@attune/base';
import { packPredictions, sealed, type TrialRecord } from '@attune/records';
import { listed, sampleExperiment, sampleRecord } from '@attune/records/testing';
import { type ExperimentResults, orderRecords } from '../src/read-records.ts';

export interface FixtureArm {
  readonly method: string;
  readonly label?: string;
  readonly formulation?: 'head' | 'cloze';
  readonly initialization?: 'checkpoint' | 'random';
  readonly trainableParameters: number;
  /** Added to every score. */
  readonly strength: number;
  readonly notes?: readonly string[];
}

export interface FixtureOptions {
  readonly arms: readonly FixtureArm[];
  readonly tasks: readonly string[];
  readonly seeds: readonly number[];
  /** Changes or drops one trial; returning undefined leaves it not run. */
  readonly change?: (record: TrialRecord) => TrialRecord | undefined;
}

const TOTAL_PARAMETERS = 1_000_000;
const EXAMPLES = 40;

/** Made-up results of a made-up experiment: every number follows from names and seeds, none from a model. */
export function recordFixture({ arms, tasks, seeds, change = (record) => record }: FixtureOptions): ExperimentResults {
  const planned = tasks.flatMap((task) =>
    arms.flatMap((arm) => seeds.map((seed) => ({ arm: labelOf(arm), record: trial(arm, task, seed) }))),
  );
  const kept = planned.map(({ arm, record }) => {
    const changed = change(record);
    const written = changed && sealed(changed);
    return { listed: { ...listed(record, arm), hash: written?.hash ?? null }, record: written };
  });
  const trials = kept.map((trial) => trial.listed);
  const experiment = sampleExperiment(trials, {
    name: 'fixture',
    title: 'Methods on made-up records',
    question: 'Does the report say what its records say, and nothing else?',
    command: 'npx attune run experiments/fixture.ts',
  });
  const records = kept.flatMap(({ record }) => (record === undefined ? [] : [[record.key, record] as const]));
  return orderRecords(experiment, new Map(records));
}

/** A record of a trial that ended without scores. */
export function unscored(record: TrialRecord, status: 'diverged' | 'failed' | 'no-data', message: string): TrialRecord {
  const { parameterHash: _hash, selection: _selection, ...rest } = record;
  return { ...rest, status, message, scores: {}, learningCurve: [], predictions: packPredictions([]) };
}

function trial(arm: FixtureArm, task: string, seed: number): TrialRecord {
  const identity = `${labelOf(arm)} ${arm.initialization ?? ''} ${arm.formulation ?? ''} ${task} ${seed}`;
  const draw = (what: string) => fraction(`${identity} ${what}`);
  const correct = Math.round(EXAMPLES * Math.min(0.98, 0.45 + arm.strength + 0.1 * draw('score')));
  const trains = arm.trainableParameters > 0;
  const isTwoMetric = task === 'cb';
  const accuracy = correct / EXAMPLES;
  const scores = isTwoMetric
    ? { accuracy, f1Macro: accuracy - 0.1, score: accuracy - 0.05 }
    : { accuracy, score: accuracy };
  const {
    selection: _selection,
    parameterHash: _hash,
    ...sample
  } = sampleRecord({
    config: trialConfig(arm, task, seed),
    code: sha256Hex('code'),
    scores,
    chance: isTwoMetric ? { accuracy: 1 / 3, f1Macro: 0.3, score: 0.95 / 3 } : { accuracy: 0.5, score: 0.5 },
    majority: isTwoMetric ? { accuracy: 0.5, f1Macro: 2 / 9, score: 13 / 36 } : { accuracy: 0.525, score: 0.525 },
    learningCurve: trains ? curve(accuracy, draw) : [],
    notes: [...(arm.notes ?? [])],
    predictions: Array.from({ length: EXAMPLES }, (_, index) => ({
      id: String(index),
      predicted: index < correct ? 'true' : 'false',
      gold: 'true',
    })),
    counts: { trainExamples: 160, selectionExamples: 40, reportedExamples: EXAMPLES, steps: trains ? 40 : 0 },
    costs: {
      trainableParameters: arm.trainableParameters,
      totalParameters: TOTAL_PARAMETERS,
      flops: trains ? 2e9 + arm.trainableParameters * 4000 : 0,
      adapterBytes: 4 * arm.trainableParameters,
    },
    run: {
      trainTimeMs: trains ? 900 + arm.trainableParameters / 1000 : 0,
      evaluationTimeMs: 120,
      peakMemoryBytes: 40_000_000 + 12 * arm.trainableParameters,
      environment: {
        ...{ commit: '0123456789abcdef0123456789abcdef01234567', dirty: false, node: 'v20.19.0' },
        platform: 'linux-x64',
      },
    },
  });
  // What trains nothing has neither a selected step nor parameters.
  const trained = { selection: { bestStep: 30, bestScore: accuracy }, parameterHash: sha256Hex('parameters') };
  return sealed(trains ? { ...sample, ...trained } : sample);
}

function trialConfig(arm: FixtureArm, task: string, seed: number): TrialRecord['config'] {
  return {
    model: {
      name: 'tiny-bert',
      checkpointHash: sha256Hex('checkpoint'),
      initialization: arm.initialization ?? 'checkpoint',
    },
    // Arms of one method differ in something, or they would be one trial.
    method: { name: arm.method, settings: { label: labelOf(arm) } },
    formulation: arm.formulation ?? 'head',
    task: { name: task, version: 1 },
    data: {
      regime: 'world',
      trainSplit: 'train',
      selectionSplit: 'dev',
      reportedSplit: 'val',
      hash: sha256Hex(`data ${task}`),
    },
    training: {
      learningRate: 0.001,
      batchSize: 16,
      epochs: 4,
      warmupRatio: 0.1,
      weightDecay: 0.01,
      l1: 0,
      l2: 0,
      maxLength: 64,
      evaluationsPerEpoch: 1,
    },
    seed,
    engine: { name: 'onnx', device: 'cpu' },
    libraries: { attune: '0.1.0', '@tensorflow/tfjs-core': '4.22.0' },
  };
}

function curve(final: number, draw: (what: string) => number): TrialRecord['learningCurve'] {
  return [0, 10, 20, 30, 40].map((step) => ({
    step,
    epoch: step / 10,
    trainLoss: step === 0 ? null : 0.7 - step / 100,
    selectionScore: Math.round(100 * (0.5 + (final - 0.5) * (1 - Math.exp(-step / 15)) + 0.02 * draw(`${step}`))) / 100,
  }));
}

const labelOf = ({ label, method }: FixtureArm) => label ?? method;

/** A number in [0, 1) from a name. */
const fraction = (text: string) => Number.parseInt(sha256Hex(text).slice(0, 8), 16) / 2 ** 32;
