import { type HostTensors, type RandomSource, randomSource } from '@attune/base';
import { type FittedHead, fitHead } from '@attune/checkpoints';
import { checkpointFiles, type LoadedModel, loadModelDirectory } from '@attune/checkpoints/node';
import { type Attachment, type Formulated, initializeParameters, type Model, type Task } from '@attune/core';
import { createObjective, type Objective } from '@attune/training';
import type { TrialPlan } from '../experiment/resolved.ts';
import { TracedSteps } from '../proof/traced-steps.ts';
import type { FileHashes } from './hash-code.ts';
import { readUnchanged, unchangedBytes } from './read-unchanged.ts';
import { checkDrawn, preparationNotes } from './trial-notes.ts';

/** What is kept under a key, made when it is not there yet. A failure is not kept: the next call tries again. */
export function cached<Value>(
  cache: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const found = cache.get(key);
  if (found !== undefined) return found;
  const made = make();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}

/**
 * What a worker keeps between trials: models, rows, and what it traced. Values are shared, so whoever gets them must not
 * write them. Where hashes are given, what is read is checked against them when it is read.
 */
export class WorkerCaches {
  readonly #models = new Map<string, Promise<LoadedModel>>();
  readonly #rows = new Map<string, Promise<readonly unknown[]>>();
  readonly #formulated = new Map<string, Formulated<unknown>>();
  #formulatedTask: Task | undefined;
  readonly traced = new TracedSteps();

  /** @throws ChangedFileError when a file is not what was hashed */
  model(directory: string, hashes?: FileHashes): Promise<LoadedModel> {
    return cached(this.#models, directory, async () =>
      readUnchanged(await checkpointFiles(directory), { hashes, read: () => loadModelDirectory(directory) }),
    );
  }

  /** @throws ChangedFileError when the file is not what was hashed */
  rows(task: Task, file: string, hashes?: FileHashes): Promise<readonly unknown[]> {
    const read = async () => task.parseRows(await unchangedBytes(file, hashes), file);
    return cached(this.#rows, `${task.name} ${file}`, read);
  }

  /**
   * What rows become, made once for all that ask alike while the task is the same: its seeds and arms share it.
   *
   * @param key  everything that it is made of
   */
  formulated(task: Task, key: string, make: () => Formulated<unknown>): Formulated<unknown> {
    if (this.#formulatedTask !== task) this.#formulated.clear();
    this.#formulatedTask = task;
    const formulated = this.#formulated.get(key) ?? make();
    this.#formulated.set(key, formulated);
    return formulated;
  }
}

/** The rows of a split, and the instances that they became. */
export interface PreparedSplit {
  readonly rows: readonly unknown[];
  readonly formulated: Formulated<unknown>;
}

/** All that a trial is trained and scored with. */
export interface PreparedTrial extends Pick<LoadedModel, 'model' | 'tokenizer'> {
  readonly values: HostTensors;
  readonly attachment: Attachment;
  readonly objective: Objective;
  readonly train: PreparedSplit;
  readonly select: PreparedSplit;
  readonly report: PreparedSplit;
  /** What a reader should know of model and rows: what was drawn, ignored, cast, cut or taken over. A sentence each. */
  readonly notes: readonly string[];
  /** Root of the trial's randomness; forks in use: model, method, and what the caller takes. */
  readonly random: RandomSource;
}

/** The trial to be made ready, and the files it reads. */
export interface PrepareCall {
  readonly plan: TrialPlan;
  /** Files of the train, select and report splits. */
  readonly files: readonly [train: string, select: string, report: string];
  readonly caches: WorkerCaches;
  /** Of the files that are read, to check them by; nothing is checked without them. */
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
  const loaded = await caches.model(plan.model.directory, hashes);
  const { model, tokenizer } = loaded;
  const random = randomSource(seed);
  const values = startingValues(plan, { loaded, random: random.fork('model') });
  const maxLength = Math.min(plan.training.maxLength, model.maxLength);
  const attachment = arm.method.attach({ model, values, settings: arm.settings, random: random.fork('method') });
  const split = async (file: string, purpose: 'train' | 'evaluate'): Promise<PreparedSplit> => {
    const rows = await caches.rows(task, file, hashes);
    const { languageModel } = model;
    const { numVirtualTokens } = attachment;
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
  checkDrawn({ plan, loaded, objective });
  const { values: fitted, notes: headNotes } = withFittedHead({ ...loaded, values }, train.formulated);
  const prepared = { model, values: fitted, tokenizer, attachment, objective, train, select, report, random };
  return { ...prepared, notes: [...headNotes, ...preparationNotes(prepared, { plan, loaded, maxLength })] };
}

/** Keeps a checkpoint's head for a task that it fits; elsewhere a new one is drawn, or nothing reads it. */
function withFittedHead(loaded: LoadedModel, { kind, labels }: Formulated<unknown>): FittedHead {
  if (kind === 'classification' || kind === 'choice') return fitHead({ loaded, kind, labels });
  const { values, head } = loaded;
  if (head === undefined || !head.parameters.every((name) => values.has(name))) return { values, notes: [] };
  return { values, notes: [`the checkpoint's ${head.kind} head is not used: a cloze reads the language model's`] };
}

/** The checkpoint's values; all that it does not give, or is not to give, is drawn from the trial's own seed. */
function startingValues(
  { model: { initialization } }: TrialPlan,
  { loaded, random }: { readonly loaded: LoadedModel; readonly random: RandomSource },
): HostTensors {
  const { model, values, initialized } = loaded;
  if (initialization === 'random') return initializeParameters(model.parameters, random);
  if (initialized.length === 0) return values;
  const missing = model.parameters.filter(({ name }) => initialized.includes(name));
  // The order of the model's parameters stays.
  return new Map([...values, ...initializeParameters(missing, random)]);
}

/** What a formulated task asks of a model. @throws ConfigError when the model has no answer of that kind */
export function objectiveOf(model: Model, { kind, labels, verbalizer }: Formulated<unknown>): Objective {
  return createObjective({
    ...{ kind, model, numLabels: labels.length },
    ...(verbalizer === undefined ? {} : { verbalizer }),
  });
}
