import { stat } from 'node:fs/promises';
import { checkpointFiles } from '@attune/checkpoints/node';

interface CoreShare {
  /** Processes side by side. */
  readonly workers: number;
  /** Engine threads of each. */
  readonly threads: number;
}

/** What there is to share, and what was asked for. */
export interface CoreDemand {
  readonly cores: number;
  /** Trials that wait. */
  readonly trials: number;
  /** Asked for by the user. */
  readonly workers?: number | undefined;
  readonly threads?: number | undefined;
  readonly memory?: { readonly availableBytes: number; readonly trialBytes: number };
}

/**
 * Shares the cores among workers, so that workers × threads is at most the number of cores:
 *
 *   workers = min(trials, cores / threads, availableBytes / trialBytes), threads = cores / workers, rounded down
 *
 * Trials side by side come first: they share nothing, so a core each is used fully, which threads in one trial are
 * not. What is left goes to threads: with fewer trials than cores, or with a model so large that the memory holds fewer
 * trials than cores, each worker gets several, and one large trial gets all. What the user asks for is kept; only both
 * together, or more workers than cores, can exceed the cores.
 */
export function shareCores({ cores, trials, workers, threads, memory }: CoreDemand): CoreShare {
  const fitting = memory === undefined ? cores : Math.floor(memory.availableBytes / memory.trialBytes);
  const side = workers ?? atLeastOne(Math.min(Math.floor(cores / (threads ?? 1)), fitting));
  const count = atLeastOne(Math.min(side, trials));
  return { workers: count, threads: threads ?? atLeastOne(Math.floor(cores / count)) };
}

const atLeastOne = (count: number): number => Math.max(1, count);

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
