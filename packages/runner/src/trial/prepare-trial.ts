import {
  type Attachment,
  createObjective,
  type Formulated,
  type HostTensors,
  initializeParameters,
  type Model,
  type Objective,
  type RandomSource,
  randomSource,
} from '@attune/core';
import type { LoadedModel } from '@attune/core/node';
import type { TrialPlan } from '../experiment/resolved.ts';
import type { FileHashes } from './hash-files.ts';
import type { WorkerCaches } from './worker-caches.ts';

export interface PreparedSplit {
  readonly rows: readonly unknown[];
  readonly formulated: Formulated<unknown>;
}

export interface PreparedTrial extends Pick<LoadedModel, 'model' | 'tokenizer'> {
  readonly values: HostTensors;
  readonly attachment: Attachment;
  readonly objective: Objective;
  readonly train: PreparedSplit;
  readonly select: PreparedSplit;
  readonly report: PreparedSplit;
  /** Root of the trial's randomness; forks in use: model, method, and what the caller takes. */
  readonly random: RandomSource;
}

export interface PrepareCall {
  readonly plan: TrialPlan;
  /** Files of the train, select and report splits. */
  readonly files: readonly [train: string, select: string, report: string];
  readonly caches: WorkerCaches;
  /** Of the files that are read, to check them by; see `readUnchanged`. */
  readonly hashes?: FileHashes | undefined;
  /** Keeps what rows become for later calls that ask alike: memory for time, where nobody measures memory. */
  readonly share?: boolean;
}

/** Everything a trial needs before its first step: model, method attached, splits formulated, objective. */
export async function prepareTrial({
  plan,
  files,
  caches,
  hashes,
  share = false,
}: PrepareCall): Promise<PreparedTrial> {
  const { arm, task, seed } = plan;
  const { model, values: checkpoint, tokenizer } = await caches.model(plan.model.directory, hashes);
  const random = randomSource(seed);
  const values =
    plan.model.initialization === 'random' ? initializeParameters(model.parameters, random.fork('model')) : checkpoint;
  const attachment = arm.method.attach({ model, values, settings: arm.settings, random: random.fork('method') });
  const split = async (file: string, purpose: 'train' | 'evaluate'): Promise<PreparedSplit> => {
    const rows = await caches.rows(task, file, hashes);
    const { languageModel } = model;
    const { numVirtualTokens } = attachment;
    const maxLength = Math.min(plan.training.maxLength, model.maxLength);
    const pattern = plan.pattern === undefined ? {} : { pattern: plan.pattern };
    const posed = { purpose, formulation: plan.formulation, ...pattern, numVirtualTokens, maxLength, seed };
    const make = () => task.formulate({ rows, tokenizer, languageModel, ...posed });
    const key = JSON.stringify([plan.model.directory, file, posed]);
    return { rows, formulated: share ? caches.formulated(task, key, make) : make() };
  };
  const train = await split(files[0], 'train');
  const select = await split(files[1], 'evaluate');
  const report = await split(files[2], 'evaluate');
  const objective = objectiveOf(model, train.formulated);
  return { model, values, tokenizer, attachment, objective, train, select, report, random };
}

/** What a formulated task asks of a model. @throws ConfigError when the model has no answer of that kind */
export function objectiveOf(model: Model, { kind, labels, verbalizer }: Formulated<unknown>): Objective {
  return createObjective({
    ...{ kind, model, numLabels: labels.length },
    ...(verbalizer === undefined ? {} : { verbalizer }),
  });
}
