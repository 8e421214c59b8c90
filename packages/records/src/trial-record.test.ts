import { describe, expect, it } from 'vitest';
import { type TrialRecord, trialRecordSchema } from './trial-record.ts';

const hash = 'a'.repeat(64);
const record: TrialRecord = {
  schemaVersion: 1,
  key: hash,
  experiment: 'tiny',
  status: 'completed',
  config: {
    model: { name: 'mini', checkpointHash: hash, initialization: 'checkpoint' },
    method: { name: 'method', label: 'method', settings: { rank: 8 } },
    formulation: 'cloze',
    task: { name: 'rte', version: 1 },
    data: { regime: 'full', trainSplit: 'train', selectionSplit: 'dev', reportedSplit: 'val', hash },
    training: {
      ...{ learningRate: 1e-3, batchSize: 16, epochs: 2, warmupRatio: 0, weightDecay: 0, l1: 0, l2: 0 },
      ...{ maxLength: 64, evaluationsPerEpoch: 1 },
    },
    seed: 1,
    engine: { name: 'onnx', device: 'cpu' },
    code: hash,
  },
  scores: { accuracy: 0.5, score: 0.5 },
  chance: { accuracy: 0.5, score: 0.5 },
  majority: { accuracy: 0.5, score: 0.5 },
  learningCurve: [{ step: 0, epoch: 0, trainLoss: null, selectionScore: 0.5 }],
  predictions: [{ id: '0', predicted: 'entailment', gold: 'entailment' }],
  counts: { trainExamples: 4, selectionExamples: 4, reportedExamples: 1, steps: 2 },
  costs: {
    ...{ trainableParameters: 1, totalParameters: 2, flops: 3, trainTimeMs: 4, evaluationTimeMs: 5 },
    ...{ peakMemoryBytes: 6, adapterBytes: 7 },
  },
  environment: { commit: 'abc', dirty: false, node: 'v20', platform: 'linux-x64', versions: {} },
};

const problems = (value: unknown) =>
  trialRecordSchema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('trialRecordSchema', () => {
  it('reads back what was written', () => {
    expect(trialRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  it('refuses keys it does not know, so that nothing of a record is lost on the way', () => {
    expect(problems({ ...record, note: 'x' })).toEqual([': Unrecognized key: "note"']);
  });

  it('names every problem with its path', () => {
    const { seed: _, ...config } = record.config;
    expect(problems({ ...record, status: 'done', key: 'short', config })).toEqual([
      'key: expected a sha256 in hex',
      'status: Invalid option: expected one of "completed"|"diverged"|"failed"|"no-data"',
      'config.seed: Invalid input: expected number, received undefined',
    ]);
  });
});
