export interface CoreShare {
  /** Processes side by side. */
  readonly workers: number;
  /** Engine threads of each. */
  readonly threads: number;
}

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
