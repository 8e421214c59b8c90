import { trainingSettingsSchema } from '@attune/base';
import { z } from 'zod';
import { contentHash } from './canonical-json.ts';
import { packedPredictionsSchema } from './predictions.ts';
import { proofSchema } from './proof.ts';

// The light entry: a report reads records without loading TensorFlow.js.

/** A sha256 in hexadecimal. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hex');
const scores = z.record(z.string(), z.number());

/**
 * Everything that determines a trial's value, and nothing that does not: no label, no title, no code. Its hash is the
 * trial's key, so two arms with the same configuration are one trial.
 */
export const trialConfigSchema = z.strictObject({
  model: z.strictObject({
    name: z.string(),
    /** Hash over config, tokenizer and weights files. */
    checkpointHash: hashSchema,
    /** 'random' keeps architecture and tokenizer and draws new weights from the seed. */
    initialization: z.enum(['checkpoint', 'random']),
    /** Where the checkpoint comes from on the hub; absent for a directory. */
    hub: z.strictObject({ repo: z.string(), commit: z.string() }).optional(),
  }),
  method: z.strictObject({ name: z.string(), settings: z.record(z.string(), z.unknown()) }),
  formulation: z.enum(['head', 'cloze']),
  pattern: z.string().optional(),
  task: z.strictObject({ name: z.string(), version: z.number().int() }),
  data: z.strictObject({
    regime: z.string(),
    trainSplit: z.string(),
    selectionSplit: z.string(),
    reportedSplit: z.string(),
    /** Hash over the three files' bytes. */
    hash: hashSchema,
  }),
  training: trainingSettingsSchema,
  seed: z.number().int().min(0),
  engine: z.strictObject({ name: z.string(), device: z.string() }),
  /** Name to version of the libraries that calculate, tokenise and draw. */
  libraries: z.record(z.string(), z.string()),
});
/**
 * What a trial is: model, method, task, data, seed, hyper-parameters, engine, versions. Its hash is the trial's key.
 */
export type TrialConfig = z.infer<typeof trialConfigSchema>;

/** A trial's identity: sha256 of its configuration's canonical JSON, which has the hashes of data and checkpoint. */
export function trialKey(config: TrialConfig): string {
  return contentHash(config);
}

/** The file of a trial's record: `boolq--lora--mini-bert--s1--0123abcd.json`, with the method's name and the key's first digits. */
export function recordFileName({ key, config }: { readonly key: string; readonly config: TrialConfig }): string {
  const { task, method, model, seed } = config;
  return `${task.name}--${method.name}--${model.name}--s${seed}--${key.slice(0, 8)}.json`;
}

const curvePointSchema = z.strictObject({
  step: z.number().int(),
  epoch: z.number(),
  trainLoss: z.number().nullable(),
  selectionScore: z.number().nullable(),
});

/** The format of records and of an experiment's list: raised when a reader of one would misread the other. */
export const recordFormat = 3 as const;

/** What one run of a trial took and where it ran: measured, so two runs of one trial differ in it and in nothing else. */
const trialRunSchema = z.strictObject({
  trainTimeMs: z.number(),
  evaluationTimeMs: z.number(),
  /** Of the whole process. */
  peakMemoryBytes: z.number().int(),
  environment: z.strictObject({
    commit: z.string(),
    /** Whether the code had uncommitted changes. */
    dirty: z.boolean(),
    node: z.string(),
    platform: z.string(),
  }),
});

/**
 * One finished trial, written atomically. With the experiment's file it is all that a report reads.
 * 'no-data' marks a split that may be absent and is (ReCoRD in FewGLUE_32dev), 'diverged' a loss that was not finite.
 */
export const trialRecordSchema = z.strictObject({
  schemaVersion: z.literal(recordFormat),
  key: hashSchema,
  status: z.enum(['completed', 'diverged', 'failed', 'no-data']),
  /** Why, when the status is not 'completed'. */
  message: z.string().optional(),
  config: trialConfigSchema,
  /** sha256 of the code that computed it. Where it came from, not what it is: the key does not have it. */
  code: hashSchema,
  /** What shows, without training, that other code computes the same. */
  proof: proofSchema.optional(),
  /** Metric name to fraction, on the reported split; empty unless completed. `score` is the task score. */
  scores,
  chance: scores,
  majority: scores,
  selection: z.strictObject({ bestStep: z.number().int(), bestScore: z.number() }).optional(),
  learningCurve: z.array(curvePointSchema),
  /** sha256 of the losses of all steps, which lie in a file of their own (`lossesText`); absent where there was no step. */
  lossesHash: hashSchema.optional(),
  /**
   * What a reader should know of how the trial came about, a sentence each: parts of the model that were drawn, ignored or
   * cast, settings that could not be followed, rows that were cut.
   */
  notes: z.array(z.string()),
  predictions: packedPredictionsSchema,
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
    /** Bytes of a file with what the method trained. */
    adapterBytes: z.number().int(),
  }),
  /** sha256 over the final trainable parameters, names and bytes, in name order. */
  parameterHash: hashSchema.optional(),
  run: trialRunSchema,
  /** Of everything else, see `sealed`. */
  hash: hashSchema,
});
/** One trial: what it was, what came out, and in `run` what was measured on the way. */
export type TrialRecord = z.infer<typeof trialRecordSchema>;

/** Whether two records of a trial say the same: all but how it was run, by which code, and its proof. */
export function sameResults(first: TrialRecord, second: TrialRecord): boolean {
  const results = ({ run, code, proof, hash, ...rest }: TrialRecord) => contentHash(rest);
  return results(first) === results(second);
}
