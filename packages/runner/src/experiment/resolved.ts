import type { TrainingSettings } from '@attune/base';
import type { HubSource } from '@attune/checkpoints/node';
import type { FineTuningMethod, Formulation, Task } from '@attune/core';
import type { DataDefinition } from './schema.ts';

/** A model whose directory was found. */
export interface ResolvedModel {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  readonly initialization: 'checkpoint' | 'random';
  /** Parts that may be drawn where the checkpoint lacks them. */
  readonly draw?: readonly 'lm-head'[];
  /** Where on the hub it comes from; absent for a directory. */
  readonly hub?: HubSource;
}

/** A way of fine-tuning with complete settings. */
export interface ResolvedArm {
  readonly label: string;
  readonly method: FineTuningMethod;
  /** Parsed by the method's schema, defaults filled in. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** One trial before anything was hashed. */
export interface TrialPlan {
  readonly task: Task;
  readonly arm: ResolvedArm;
  readonly model: ResolvedModel;
  readonly formulation: Formulation;
  readonly pattern?: string;
  /** The seed is in the splits' names already. */
  readonly data: Pick<DataDefinition, 'regime' | 'splits' | 'mayBeAbsent'>;
  readonly training: TrainingSettings;
  readonly seed: number;
  /** Where the experiment's file has the arm, and the pattern (the arm where it has none): `x.ts: arms[0]`. */
  readonly place: { readonly arm: string; readonly pattern: string };
}

/** An experiment whose every part was checked and found. */
export interface ResolvedExperiment {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly models: readonly ResolvedModel[];
  /** Absolute; holds one folder per task. */
  readonly dataDirectory: string;
  /** The file of a split of a task; the path that it would have where there is none. The same for the whole run. */
  readonly splitFile: (task: Task, split: string) => string;
  readonly tasks: readonly Task[];
  readonly arms: readonly ResolvedArm[];
  readonly seeds: readonly number[];
  readonly engine?: string;
  readonly device?: string;
  /** In presentation order: by task, arm, model, seed. */
  readonly plans: readonly TrialPlan[];
}

/** What the command line may change about an experiment. */
export interface RunOptions {
  /** Absolute, or relative to the working directory. */
  readonly data?: string;
  readonly tasks?: readonly string[];
  /** Labels of arms or names of methods. */
  readonly methods?: readonly string[];
  readonly models?: readonly string[];
  readonly seeds?: readonly number[];
  readonly engine?: string;
  readonly device?: string;
  readonly maxSteps?: number;
  /** Commits of models on the hub, by `owner/name@revision` or `owner/name`, so that workers and exports take what the run took. */
  readonly hubCommits?: Readonly<Record<string, string>>;
}
