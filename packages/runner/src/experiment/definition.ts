import type { FineTuningMethod, Task } from '@attune/core';
import type { ArmDefinition, ArmOptions, ExperimentDefinition } from './schema.ts';

/** What names in an experiment file stand for. The command line has the one list; the runner is given it. */
export interface Catalog {
  readonly methods: readonly FineTuningMethod[];
  readonly tasks: readonly Task[];
  /** Model name to absolute directory. */
  readonly models: Readonly<Record<string, string>>;
  /** Name of a data directory to where it is, absolute. */
  readonly data?: Readonly<Record<string, string>>;
  /** Package name to the folder its code is loaded from, for all code that computes trials. */
  readonly codeDirectories: Readonly<Record<string, string>>;
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
  return { ...options, method: method as FineTuningMethod, settings: settings as Record<string, unknown> };
}
