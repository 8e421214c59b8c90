import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { ConfigError, type DownloadListener, evaluateTrained, type HostTensors, type LoadedModel } from '@attune/core';
import { type Engine, openOnnxModel, selectEngine } from '@attune/engine';
import type { TrialRecord } from '@attune/records';
import type { Catalog } from '../experiment/catalog.ts';
import { type ExperimentSource, loadExperiment } from '../experiment/load-experiment.ts';
import type { TrialPlan } from '../experiment/resolved.ts';
import { outcomeText, type ProgressListener, trialName } from '../progress/progress.ts';
import { collectEnvironment } from '../trial/environment.ts';
import { splitFiles } from '../trial/expand-trials.ts';
import { experimentCode } from '../trial/own-code.ts';
import { type PreparedTrial, prepareTrial } from '../trial/prepare-trial.ts';
import { WorkerCaches } from '../trial/worker-caches.ts';
import { largestDifference, outputTolerance } from './compare-outputs.ts';
import { exampleCode } from './example-code.ts';
import type { FoundRecord } from './find-record.ts';
import { matchingTrial } from './matching-trial.ts';
import { modelCard } from './model-card.ts';
import { exportedConfig } from './model-config.ts';
import { evaluateStandalone, standaloneModel } from './standalone-model.ts';
import { exportedTokenizer } from './tokenizer-files.ts';
import { trainedValues } from './trained-values.ts';
import { checkFolder, writeFolder } from './write-folder.ts';

export interface ExportCall extends FoundRecord {
  /** The experiment that the record is of; narrowed to its trial here. */
  readonly source: ExperimentSource;
  /** The command that made the record, for the model card. */
  readonly command: string;
  readonly catalog: Catalog;
  /** Folder of the code. */
  readonly repository: string;
  readonly folder: string;
  readonly force: boolean;
  readonly progress: ProgressListener;
  /** Called while a model of the hub arrives. */
  readonly onDownload?: DownloadListener;
  readonly signal: AbortSignal;
}

export interface Exported {
  /** Bytes of model.onnx. */
  readonly modelBytes: number;
  /** How many examples were compared with the trained model, and their largest difference. */
  readonly check: { readonly examples: number; readonly difference: number };
}

const checkedExamples = 32;

/**
 * Writes the model of a recorded trial to a folder: model.onnx, the tokenizer's files, config.json, a model card and
 * an example that runs. The file's outputs are compared with the trained model's first.
 *
 * @throws ConfigError when the trial did not complete, cannot be had again, or the folder cannot take it
 * @throws TraceError when the model cannot be written as ONNX
 * @throws DOMException named AbortError when the signal is aborted; nothing was written then
 */
export async function exportTrial(call: ExportCall): Promise<Exported> {
  const { record, folder, force } = call;
  requireCompleted(record);
  await checkFolder(folder, force);
  const { name, device } = record.config.engine;
  const engine = await selectEngine({ name, device, threads: availableParallelism() });
  try {
    const { plan, prepared, loaded, trained } = await restore(call, engine);
    const bytes = await standaloneModel(prepared, trained);
    const check = await checkOutputs(bytes, { engine, plan, prepared, trained });
    const tokenizer = exportedTokenizer(loaded, prepared.attachment.numVirtualTokens);
    await writeFolder(folder, { ...describe(call, { prepared, loaded, tokenizer, check }), 'model.onnx': bytes });
    return { modelBytes: bytes.length, check };
  } finally {
    await engine.dispose();
  }
}

function requireCompleted(record: TrialRecord): void {
  if (record.status === 'completed') return;
  throw new ConfigError(`${trialName(record)}: ${outcomeText(record)}; only a completed trial has a model to export`);
}

interface Restored {
  readonly plan: TrialPlan;
  readonly prepared: PreparedTrial;
  readonly loaded: LoadedModel;
  readonly trained: HostTensors;
}

/** The trial's model, data and what it trained. */
async function restore(call: ExportCall, engine: Engine): Promise<Restored> {
  const { record, source, catalog, output, progress, signal } = call;
  const { task, method, model, seed } = record.config;
  const narrowed = { tasks: [task.name], methods: [method.label], models: [model.name], seeds: [seed] };
  const pinned = model.hub === undefined ? {} : { hubCommits: { [model.hub.repo]: model.hub.commit } };
  const options = { ...source.options, ...narrowed, ...pinned };
  const experiment = await loadExperiment({ ...source, options }, catalog, call.onDownload);
  const environment = collectEnvironment(call.repository);
  const code = await experimentCode(experiment, { catalog, file: source.file, versions: environment.versions });
  const description = { name: engine.name, device: engine.device };
  const trial = await matchingTrial(experiment, record, { engine: description, code });
  const caches = new WorkerCaches();
  const shared = { engine, caches, progress, signal, environment };
  const trained = await trainedValues({ ...shared, record, trial, experiment, output });
  const plan = experiment.plans[trial.index]!;
  const prepared = await prepareTrial({ plan, files: splitFiles(experiment, plan), caches });
  return { plan, prepared, loaded: await caches.model(plan.model.directory), trained };
}

/** @throws ConfigError when the file computes anything else than the trained model */
async function checkOutputs(
  bytes: Uint8Array,
  { engine, plan, prepared, trained }: Omit<Restored, 'loaded'> & { readonly engine: Engine },
): Promise<Exported['check']> {
  const instances = prepared.report.formulated.instances.slice(0, checkedExamples);
  const expected = await evaluateTrained(
    {
      ...{ ...prepared, engine, trained, settings: plan.training },
      random: prepared.random.fork('training'),
      padId: prepared.tokenizer.specialIds.pad,
      paddingSide: prepared.tokenizer.paddingSide,
    },
    instances,
  );
  const model = await openOnnxModel(bytes);
  const actual = await evaluateStandalone({ model, prepared, instances, batchSize: 8 });
  await model.dispose();
  const difference = largestDifference(actual, expected);
  if (difference <= outputTolerance) return { examples: instances.length, difference };
  throw new ConfigError(
    `export: outputs of the ONNX file differ from the trained model's by ${difference} on ${instances.length} ` +
      `examples, at most ${outputTolerance} was expected; nothing was written`,
  );
}

interface Described {
  readonly prepared: PreparedTrial;
  readonly loaded: LoadedModel;
  readonly tokenizer: ReturnType<typeof exportedTokenizer>;
  readonly check: Exported['check'];
}

/** All files but the model. */
function describe({ record, command, output, name }: ExportCall, { prepared, loaded, tokenizer, check }: Described) {
  const { report, attachment, model } = prepared;
  const { kind, labels, instances } = report.formulated;
  const example = exampleCode(instances[0]!, prepared, tokenizer);
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  const { numVirtualTokens } = attachment;
  // Relative, as the command that made the record has its paths.
  const trial = relative('', join(output, 'records', `${name}.json`));
  const card = { record, kind, labels, numVirtualTokens, maxLength: model.maxLength, command, trial };
  return {
    'README.md': modelCard({ ...card, example, check }),
    'config.json': json(exportedConfig({ loaded, kind, labels, record })),
    'example.mjs': example,
    'tokenizer.json': json(tokenizer.tokenizer),
    'tokenizer_config.json': json(tokenizer.config),
  };
}
