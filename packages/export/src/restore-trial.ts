import { basename } from 'node:path';
import type { HostTensors } from '@attune/base';
import type { DownloadListener, LoadedModel } from '@attune/checkpoints/node';
import type { Engine } from '@attune/engine';
import type { TrialRecord } from '@attune/records';
import type { Catalog } from '@attune/runner';
import {
  collectEnvironment,
  type ExperimentSource,
  hashCode,
  libraryVersions,
  loadExperiment,
  type PreparedTrial,
  type ProgressListener,
  prepareTrial,
  splitFiles,
  type TrialPlan,
  WorkerCaches,
} from '@attune/runner/node';
import { type FoundRecord, matchingTrial } from './find-record.ts';
import { trainedValues } from './trained-values.ts';

/** A record, and what its trial is trained again from. */
export interface RestoreCall extends FoundRecord {
  /** The experiment that the record is of; narrowed to its trial here. */
  readonly source: ExperimentSource;
  readonly catalog: Catalog;
  /** Folder of the code. */
  readonly repository: string | undefined;
  readonly progress: ProgressListener;
  /** Called while a model of the hub arrives. */
  readonly onDownload?: DownloadListener;
  readonly signal: AbortSignal;
}

/** A recorded trial with its model and data, as its experiment has them now. */
export interface RestoredTrial {
  readonly record: TrialRecord;
  readonly plan: TrialPlan;
  readonly prepared: PreparedTrial;
  readonly loaded: LoadedModel;
  /** Name of the folder that its data is from. */
  readonly dataset: string;
}

/**
 * Finds the trial of a record again; `trained` gives what it trained, which may take training it again.
 *
 * @throws ConfigError when the experiment is not the recorded one any more
 */
export async function restoreTrial(
  call: RestoreCall,
  engine: Engine,
): Promise<RestoredTrial & { readonly trained: () => Promise<HostTensors> }> {
  const { record, source, catalog, output, progress, signal } = call;
  const { task, method, model, seed } = record.config;
  const narrowed = { tasks: [task.name], methods: [call.arm ?? method.name], models: [model.name], seeds: [seed] };
  const pinned = model.hub === undefined ? {} : { hubCommits: { [model.hub.repo]: model.hub.commit } };
  const options = { ...source.options, ...narrowed, ...pinned };
  const experiment = await loadExperiment({ ...source, options }, catalog, call.onDownload);
  const environment = collectEnvironment(call.repository);
  const libraries = libraryVersions();
  const code = hashCode(catalog.codeDirectories);
  const description = { name: engine.name, device: engine.device };
  const trial = await matchingTrial(experiment, call, { engine: description, libraries, code });
  const plan = experiment.plans[trial.index]!;
  const files = splitFiles(experiment, plan);
  const caches = new WorkerCaches();
  const prepared = await prepareTrial({ plan, files, caches, hashes: trial.files });
  const loaded = await caches.model(plan.model.directory);
  const shared = { engine, caches, progress, signal, environment };
  const trained = () => trainedValues({ ...shared, record, trial, experiment, output });
  return { record, plan, prepared, loaded, dataset: basename(experiment.dataDirectory), trained };
}
