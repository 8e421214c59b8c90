import type { RunOptions } from '@attune/runner';

/** What `attune run` takes beside the experiment: what narrows it, and how and where to run it. */
export interface RunFlags extends RunOptions {
  readonly out?: string;
  readonly workers?: number;
  readonly threads?: number;
  readonly fresh?: boolean;
  /** Comes with `fresh`: replaces records also by equal ones. */
  readonly rewrite?: boolean;
  readonly saveWeights?: boolean;
  /** False: compute anew what could be kept. */
  readonly hoist?: boolean;
  readonly hoistMemory?: number;
  readonly hoistDirectory?: string;
  readonly offline?: boolean;
}
