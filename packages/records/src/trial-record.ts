// The light entry: a report reads records without loading TensorFlow.js.
import { trainingSettingsSchema } from '@attune/core/training-settings';
import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hex');
const scores = z.record(z.string(), z.number());

/** Everything that determines a trial's value. Its hash is the trial's key; nothing else may be reused. */
export const trialConfigSchema = z.strictObject({
  model: z.strictObject({
    name: z.string(),
    /** Hash over config, tokenizer and weights files. */
    checkpointHash: hash,
    /** 'random' keeps architecture and tokenizer and draws new weights from the seed. */
    initialization: z.enum(['checkpoint', 'random']),
    /** Where the checkpoint comes from on the hub; absent for a directory. */
    hub: z.strictObject({ repo: z.string(), commit: z.string() }).optional(),
  }),
  method: z.strictObject({ name: z.string(), label: z.string(), settings: z.record(z.string(), z.unknown()) }),
  formulation: z.enum(['head', 'cloze']),
  pattern: z.string().optional(),
  task: z.strictObject({ name: z.string(), version: z.number().int() }),
  data: z.strictObject({
    regime: z.string(),
    trainSplit: z.string(),
    selectionSplit: z.string(),
    reportedSplit: z.string(),
    /** Hash over the three files' bytes. */
    hash,
  }),
  training: trainingSettingsSchema,
  seed: z.number().int().min(0),
  engine: z.strictObject({
    name: z.string(),
    device: z.string(),
  }),
  /**
   * sha256 of the code that computes a trial: the source files (tests excluded, in path order, path and bytes) of
   * graph, engine, core, the method packages, superglue and runner, and the versions of the libraries that tokenise, draw and
   * calculate.
   */
  code: hash,
});
export type TrialConfig = z.infer<typeof trialConfigSchema>;

const curvePointSchema = z.strictObject({
  step: z.number().int(),
  epoch: z.number(),
  trainLoss: z.number().nullable(),
  selectionScore: z.number().nullable(),
});

const predictionSchema = z.strictObject({
  id: z.string(),
  predicted: z.string(),
  gold: z.string().optional(),
  scores: z.array(z.number()).optional(),
});

/**
 * One finished trial, written once and atomically. The only thing a report reads.
 * 'no-data' marks a split that is absent (ReCoRD in FewGLUE_32dev), 'diverged' a loss that was not finite.
 */
export const trialRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  key: hash,
  experiment: z.string(),
  status: z.enum(['completed', 'diverged', 'failed', 'no-data']),
  /** Why, when the status is not 'completed'. */
  message: z.string().optional(),
  config: trialConfigSchema,
  /** Metric name to fraction, on the reported split; empty unless completed. `score` is the task score. */
  scores,
  chance: scores,
  majority: scores,
  selection: z.strictObject({ bestStep: z.number().int(), bestScore: z.number() }).optional(),
  learningCurve: z.array(curvePointSchema),
  predictions: z.array(predictionSchema),
  counts: z.strictObject({
    trainExamples: z.number().int(),
    selectionExamples: z.number().int(),
    reportedExamples: z.number().int(),
    steps: z.number().int(),
  }),
  costs: z.strictObject({
    trainableParameters: z.number().int(),
    totalParameters: z.number().int(),
    /** Training only: every step run, forward, backward and update. */
    flops: z.number(),
    trainTimeMs: z.number(),
    evaluationTimeMs: z.number(),
    peakMemoryBytes: z.number().int(),
    /** Bytes of a file with what the method trained. */
    adapterBytes: z.number().int(),
  }),
  /** sha256 over the final trainable parameters, names and bytes, in name order. */
  parameterHash: hash.optional(),
  environment: z.strictObject({
    commit: z.string(),
    dirty: z.boolean(),
    node: z.string(),
    platform: z.string(),
    versions: z.record(z.string(), z.string()),
  }),
});
export type TrialRecord = z.infer<typeof trialRecordSchema>;

/** An experiment as the report sees it: written beside the records as experiment.json. */
export const experimentRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  name: z.string(),
  title: z.string(),
  question: z.string(),
  /** The exact command that regenerates the report. */
  command: z.string(),
  models: z.array(z.string()),
  /** Method labels in presentation order. */
  methods: z.array(z.string()),
  tasks: z.array(z.string()),
  seeds: z.array(z.number().int()),
  /** Keys of all its trials in presentation order; a key without a record is a trial not run yet. */
  trials: z.array(hash),
});
export type ExperimentRecord = z.infer<typeof experimentRecordSchema>;
