import type { FineTuningMethod, Task } from '@attune/core';

/** What names in an experiment file stand for. The command line has the one list; the runner is given it. */
export interface Catalog {
  readonly methods: readonly FineTuningMethod[];
  readonly tasks: readonly Task[];
  /** Model name to absolute directory. */
  readonly models: Readonly<Record<string, string>>;
  /** Package name to the folder its code is loaded from, for all code that computes trials. */
  readonly codeDirectories: Readonly<Record<string, string>>;
}
