import type { FineTuningMethod, Formulation, Task } from '@attune/core';
import type { TrainingSettings } from './training-settings.ts';

/** A model in the Hugging Face layout (`config.json`, `tokenizer.json`, weights). */
export interface ModelDefinition {
  /** Shown in the report. */
  readonly name: string;
  /** Relative to the experiment file, the catalog's name of a model, or an id of the hub: `owner/name@revision`. */
  readonly directory: string;
  /** 'random' keeps architecture and tokenizer and draws new weights from the seed; 'checkpoint' when absent. */
  readonly initialization?: 'checkpoint' | 'random';
}

export interface DataDefinition {
  /** One folder per task, named as in the official archive. Relative to the experiment file; `--data` replaces it. */
  readonly directory?: string;
  /** For the report, e.g. "full" or "few-shot-32". */
  readonly regime: string;
  readonly splits: Splits;
}

/**
 * File names without `.jsonl`: train on the first, choose on the second, report the third. `{seed}` in a name stands for
 * the trial's seed, so that each seed can have its own sample: `train32-{seed}`.
 */
export interface Splits {
  readonly train: string;
  readonly select: string;
  readonly report: string;
}

/** What an arm or a task may change. Absent: as in the experiment. */
export interface Overrides {
  readonly formulation?: Formulation;
  /** Pattern name; the task's own default when absent. */
  readonly pattern?: string;
  /** Other rows of the same task, e.g. `{ regime: 'few-shot-32', splits: { train: 'train32' } }`. */
  readonly data?: { readonly regime?: string; readonly splits?: Partial<Splits> };
  readonly training?: Partial<TrainingSettings>;
}

export interface ArmOptions extends Overrides {
  /** The name in the report; the method's when absent. Unique among the arms. */
  readonly label?: string;
  /** Names of the models it runs on; all when absent. */
  readonly models?: readonly string[];
  /** By task name; wins over everything else. */
  readonly perTask?: Readonly<Record<string, Overrides>>;
}

/** One way of fine-tuning with its settings: a row of the score table. */
export interface ArmDefinition extends ArmOptions {
  /** A method, or the catalog's name of one. */
  readonly method: FineTuningMethod | string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface ExperimentDefinition {
  /** Lower-case, names the report's folder. */
  readonly name: string;
  readonly title: string;
  /** What the comparison is to answer, one sentence. */
  readonly question: string;
  readonly models: readonly (ModelDefinition | string)[];
  readonly data: DataDefinition;
  /** Tasks, or the catalog's names of them. */
  readonly tasks: readonly (Task | string)[];
  readonly arms: readonly ArmDefinition[];
  /** Cloze when absent. */
  readonly formulation?: Formulation;
  /** For all trials; what is absent has the defaults of `defaultTraining`. */
  readonly training?: Partial<TrainingSettings>;
  /** By task name; an arm's own overrides win. */
  readonly perTask?: Readonly<Record<string, Overrides>>;
  readonly seeds: readonly number[];
  /** An engine's name; chosen by what the machine has when absent. */
  readonly engine?: string;
  /** Where the onnx engine computes: cpu (when absent), webgpu or cuda. */
  readonly device?: string;
}

/**
 * An experiment, checked by the type checker; everything else is checked when it is run, all problems at once.
 *
 * @example
 * export default defineExperiment({
 *   name: 'ranks',
 *   title: 'LoRA by rank',
 *   question: 'How much rank does a small model need?',
 *   models: ['mini-bert'],
 *   data: { directory: '../datasets/world', regime: 'full', splits: { train: 'train', select: 'dev', report: 'val' } },
 *   tasks: [boolq, 'rte'],
 *   arms: [arm(lora, { rank: 2 }, { label: 'lora-r2' }), arm(lora, { rank: 8 }, { label: 'lora-r8' })],
 *   seeds: [1, 2, 3],
 * });
 */
export function defineExperiment(definition: ExperimentDefinition): ExperimentDefinition {
  return definition;
}

/** An arm whose settings are typed by its method; settings left out get the method's defaults. */
export function arm<Settings extends object>(
  method: FineTuningMethod<Settings>,
  settings: NoInfer<Partial<Settings>> = {},
  options: ArmOptions = {},
): ArmDefinition {
  return { ...options, method: method as FineTuningMethod, settings: settings as Readonly<Record<string, unknown>> };
}
