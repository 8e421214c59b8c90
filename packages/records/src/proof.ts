import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hex');

/** JSON has no number that is not finite; such a one is null. */
const number = z.number().nullable();

/** The first steps as they were computed: their bits belong to a kind of processor. */
const firstStepsSchema = z.strictObject({
  /** Model and architecture of the processor, e.g. "AMD EPYC 7763 64-Core Processor, x64". */
  processor: z.string(),
  /** Loss of each step, penalties included; fewer than three where the training is shorter. */
  losses: z.array(number),
  /** sha256 over the trainable parameters after these steps. */
  parameters: hash,
  /** Euclidean norm of all of them together. */
  norm: number,
  /** One evaluation batch of the reported split after these steps: its first numbers, and a sha256 over all. */
  outputs: z.strictObject({ first: z.array(number), hash }),
});

/**
 * What a trial computes, as far as it can be told without training: two trials of one key and one proof are the same
 * computation, whatever their sources look like. All hashes are sha256.
 */
export const proofSchema = z.strictObject({
  steps: z.strictObject({
    /** Graphs of the training step at every batch shape that the training meets. */
    train: hash,
    /** Graphs of the evaluation step at every batch shape of the selection and the reported split. */
    evaluate: hash,
  }),
  /** What rows became: token ids, positions and labels, and the batches collated of them. */
  instances: z.strictObject({ train: hash, select: hash, report: hash }),
  /** All that the stores of the steps hold before the first step. */
  initialValues: hash,
  /** Order of the batches, learning rate of each step, and which steps are followed by an evaluation. */
  timetable: hash,
  /** Predictions and their metrics that the task makes of fixed outputs. */
  answering: hash,
  firstSteps: firstStepsSchema,
});
/** Hashes of what a trial computes; when all are equal, other code gives the same result. */
export type Proof = z.infer<typeof proofSchema>;
