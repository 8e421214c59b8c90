import { stat } from 'node:fs/promises';
import { checkpointFiles } from '@attune/core/node';

/**
 * A trial's memory as multiples of its checkpoint: the loaded values (1), parameters and the two moments of Adam, each
 * with the spare that a step writes to (6), gradients (1), and for activations and the runtime as much again as two.
 */
const CHECKPOINTS_PER_TRIAL = 10;

/** Bytes that a trial of the largest of these models takes at most, roughly: full fine-tuning takes the most. */
export async function trialBytes(modelDirectories: readonly string[]): Promise<number> {
  const sizes = await Promise.all(modelDirectories.map(checkpointBytes));
  return CHECKPOINTS_PER_TRIAL * Math.max(0, ...sizes);
}

/** Of weights and tokenizer: weights are most of it. */
async function checkpointBytes(directory: string): Promise<number> {
  const stats = await Promise.all((await checkpointFiles(directory)).map((file) => stat(file)));
  return stats.reduce((sum, { size }) => sum + size, 0);
}
