import { sealed } from '../canonical-json.ts';
import type { ExperimentRecord, ListedTrial } from '../experiment-record.ts';
import { type Answer, packPredictions } from '../predictions.ts';
import type { Proof } from '../proof.ts';
import { recordFormat, type TrialConfig, type TrialRecord, trialKey } from '../trial-record.ts';

/** A made-up sha256. */
export const sampleHash = (digit: string) => digit.repeat(64);

/** A made-up configuration; `change` replaces parts of it. */
export function sampleConfig(change: Partial<TrialConfig> = {}): TrialConfig {
  return {
    model: { name: 'small', checkpointHash: sampleHash('1'), initialization: 'checkpoint' },
    method: { name: 'nudge', settings: { strength: 1, mode: 'up' } },
    formulation: 'cloze',
    task: { name: 'tides', version: 1 },
    data: { regime: 'full', trainSplit: 'train', selectionSplit: 'dev', reportedSplit: 'val', hash: sampleHash('2') },
    training: {
      ...{ learningRate: 1e-3, batchSize: 8, epochs: 1, warmupRatio: 0.1, weightDecay: 0, l1: 0, l2: 0 },
      ...{ maxLength: 32, evaluationsPerEpoch: 1 },
    },
    seed: 1,
    engine: { name: 'onnx', device: 'cpu' },
    libraries: { 'onnxruntime-node': '1.0.0' },
    ...change,
  };
}

/** Where sample records were made. */
export const sampleEnvironment = { commit: 'c0ffee', dirty: false, node: 'v20', platform: 'linux-x64' };

/** A made-up proof. */
export const sampleProof: Proof = {
  steps: { train: sampleHash('5'), evaluate: sampleHash('6') },
  instances: { train: sampleHash('7'), select: sampleHash('8'), report: sampleHash('9') },
  ...{ initialValues: sampleHash('a'), timetable: sampleHash('b'), answering: sampleHash('c') },
  firstSteps: {
    ...{ processor: 'an abacus', losses: [0.7, 0.6], parameters: sampleHash('d'), norm: 2 },
    outputs: { first: [1, -1], hash: sampleHash('e') },
  },
};

/** What a sample record has otherwise; key and hash follow from it. */
export interface SampleChange extends Omit<Partial<TrialRecord>, 'key' | 'hash' | 'predictions' | 'config'> {
  readonly config?: Partial<TrialConfig>;
  readonly predictions?: readonly Answer[];
}

/** A record that every reader takes, key and hash made of what is in it; `change` replaces parts of it. */
export function sampleRecord({ config: configChange, predictions, ...change }: SampleChange = {}): TrialRecord {
  const config = sampleConfig(configChange);
  return sealed({
    schemaVersion: recordFormat,
    key: trialKey(config),
    status: 'completed',
    config,
    code: sampleHash('3'),
    scores: { accuracy: 0.5, score: 0.5 },
    chance: { accuracy: 0.5, score: 0.5 },
    majority: { accuracy: 0.5, score: 0.5 },
    selection: { bestStep: 2, bestScore: 0.5 },
    learningCurve: [{ step: 2, epoch: 1, trainLoss: 0.7, selectionScore: 0.5 }],
    notes: [],
    predictions: packPredictions(
      predictions ?? [
        { id: '0', predicted: 'high', gold: 'low' },
        { id: '1', predicted: 'low', gold: 'low' },
      ],
    ),
    counts: { trainExamples: 4, selectionExamples: 4, reportedExamples: 2, steps: 2 },
    costs: { trainableParameters: 1, totalParameters: 2, flops: 3, adapterBytes: 4 },
    parameterHash: sampleHash('4'),
    run: { trainTimeMs: 5, evaluationTimeMs: 6, peakMemoryBytes: 7, environment: sampleEnvironment },
    ...change,
  });
}

/** A trial as an experiment lists it, named after its method where no arm is given. */
export function listed({ key, config, hash }: TrialRecord, arm: string = config.method.name): ListedTrial {
  return { task: config.task.name, arm, model: config.model.name, seed: config.seed, key, hash };
}

/** The experiment of some trials; `change` replaces parts of it. */
export function sampleExperiment(trials: readonly ListedTrial[], change: Partial<ExperimentRecord> = {}) {
  const distinct = <Value>(value: (trial: ListedTrial) => Value) => [...new Set(trials.map(value))];
  return sealed({
    schemaVersion: recordFormat,
    ...{ name: 'sample', title: 'A sample', question: 'Does it work?', command: 'npx attune run sample.ts' },
    models: distinct(({ model }) => model),
    arms: distinct(({ arm }) => arm),
    tasks: distinct(({ task }) => task),
    seeds: distinct(({ seed }) => seed),
    trials: [...trials],
    ...change,
  });
}
