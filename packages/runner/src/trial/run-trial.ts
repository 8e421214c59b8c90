import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { StepEngine } from '@attune/base';
import { sha256Hex } from '@attune/base';
import { UnwritableError } from '@attune/base/node';
import { writeSafetensors } from '@attune/checkpoints';
import type { InstanceOutput } from '@attune/core';
import { lossesText, packPredictions, recordFormat, scoresText, sealed, type TrialRecord } from '@attune/records';
import type { FineTuned } from '@attune/training';
import type { ResolvedExperiment } from '../experiment/resolved.ts';
import { groupOf } from '../pool/trial-queue.ts';
import { proveTrial } from '../proof/prove-trial.ts';
import type { SidecarTexts } from '../store/sidecar-file.ts';
import { writeWeights } from '../store/weights-file.ts';
import { emptyRecord, failureMessage } from './empty-record.ts';
import { type Environment, withPeakMemory } from './environment.ts';
import { splitFiles, type Trial } from './expand-trials.ts';
import type { PreparedTrial, WorkerCaches } from './prepare-trial.ts';
import { ChangedFileError, checkPresence } from './read-unchanged.ts';
import { reportedScores, type TrainedTrial, taskScores, trainTrial, withMean } from './train-trial.ts';

/** How far a worker's trial is. */
export interface TrialProgress {
  readonly step: number;
  readonly totalSteps: number;
  /** Null before the first loss. */
  readonly loss: number | null;
  /** What is done before the first step or after the last one. */
  readonly doing?: string;
}

/** What a trial is run with, beside its own plan. */
export interface TrialContext {
  readonly experiment: ResolvedExperiment;
  readonly engine: StepEngine;
  readonly environment: Environment;
  /** Shared by the trials of one worker. */
  readonly caches: WorkerCaches;
  readonly onProgress?: (progress: TrialProgress) => void;
  /** The output folder that keeps what trials trained; they are not kept when absent. */
  readonly saveWeightsIn?: string;
}

/** What a trial leaves: its record, and the texts of the files beside it. */
export interface FinishedTrial extends SidecarTexts {
  readonly record: TrialRecord;
}

type TrainedParts = Pick<TrainedTrial, 'prepared' | 'training'>;

/** Before its hash is made. */
type Unsealed = SidecarTexts & { readonly record: Omit<TrialRecord, 'hash'> };

/**
 * One trial from its configuration to its record: train, keep the checkpoint that is best on the selection split,
 * score the reported split once, prove it. What goes wrong is the record's status and message.
 *
 * @throws ChangedFileError when a file is not what the trial's key was made of: no record would be true
 * @throws UnwritableError when what was trained is to be kept and cannot be: nothing is wrong with the trial
 */
export async function runTrial(trial: Trial, context: TrialContext): Promise<FinishedTrial> {
  const { experiment, environment } = context;
  const unfinished = (status: 'failed' | 'no-data', message: string) => ({
    record: emptyRecord(trial, { environment, status, message }),
  });
  const missing = missingSplits(trial, experiment);
  if (missing !== undefined) return unfinished('no-data', missing);
  try {
    const { value, peakBytes } = await withPeakMemory(() => trainAndScore(trial, context));
    const { record, prepared, training, ...texts } = value;
    // Afterwards: it takes none of the memory and time that were measured, and finds the steps compiled.
    const plan = experiment.plans[trial.index]!;
    const trained = { plan, prepared, training };
    const { proof } = await proveTrial({ ...trained, group: groupOf(trial), traced: context.caches.traced });
    return {
      ...texts,
      record: sealed({ ...record, proof, run: { ...record.run, peakMemoryBytes: peakBytes } }),
    };
  } catch (error) {
    if (error instanceof ChangedFileError || error instanceof UnwritableError) throw error;
    return unfinished('failed', failureMessage(error));
  }
}

/** `WSC/val.jsonl is not there`, if a split of the trial's task has no file. */
function missingSplits(trial: Trial, experiment: ResolvedExperiment): string | undefined {
  const plan = experiment.plans[trial.index]!;
  const splits = splitFiles(experiment, plan).map((file) => ({ file, isThere: existsSync(file) }));
  checkPresence(splits, trial.files);
  const missing = splits.filter(({ isThere }) => !isThere).map(({ file }) => file);
  if (missing.length === 0) return undefined;
  return `${missing.map((file) => `${plan.task.directory}/${basename(file)}`).join(', ')}: not in the data`;
}

async function trainAndScore(trial: Trial, context: TrialContext): Promise<Unsealed & TrainedParts> {
  const { experiment, engine, caches, onProgress, saveWeightsIn } = context;
  const plan = experiment.plans[trial.index]!;
  const { prepared, training, tuned } = await trainTrial({
    ...{ plan, files: splitFiles(experiment, plan), engine, caches, hashes: trial.files },
    program: groupOf(trial),
    onProgress: ({ step, totalSteps, loss }) => onProgress?.({ step, totalSteps, loss }),
    onDoing: (doing) => onProgress?.({ step: 0, totalSteps: 0, loss: null, doing }),
  });
  try {
    const finished = await recordOf(trial, { context, prepared, tuned });
    // Before the record, so that a trial counts as finished only with both.
    if (saveWeightsIn !== undefined && finished.record.status === 'completed') {
      await writeWeights(saveWeightsIn, trial, tuned.values());
    }
    return { ...finished, prepared, training };
  } finally {
    tuned.dispose();
  }
}

interface Finished {
  readonly context: TrialContext;
  readonly prepared: PreparedTrial;
  readonly tuned: FineTuned;
}

async function recordOf(trial: Trial, { context, prepared, tuned }: Finished): Promise<Unsealed> {
  const { experiment, environment } = context;
  const { task } = experiment.plans[trial.index]!;
  const { train, select, report } = prepared;
  const started = performance.now();
  const outputs = tuned.status === 'completed' ? await tuned.evaluate(report.formulated.instances) : [];
  const reportTimeMs = performance.now() - started;
  const diverged = divergence(tuned, outputs);
  const predictions = diverged === undefined ? report.formulated.predict(report.rows, outputs) : [];
  const scores = scoresText(predictions);
  const losses = lossesText(tuned.losses);
  const values = tuned.values();
  const record = {
    schemaVersion: recordFormat,
    key: trial.key,
    ...(diverged === undefined ? { status: 'completed' as const } : { status: 'diverged' as const, message: diverged }),
    config: trial.config,
    code: trial.code,
    scores: diverged === undefined ? reportedScores(task, taskScores(task, report.rows, predictions)) : {},
    chance: withMean(task.metrics, task.chance(report.rows)),
    majority: withMean(task.metrics, task.majority(train.rows, report.rows)),
    ...(tuned.best === undefined ? {} : { selection: { bestStep: tuned.best.step, bestScore: tuned.best.score } }),
    learningCurve: [...tuned.curve],
    ...(losses === undefined ? {} : { lossesHash: sha256Hex(losses) }),
    notes: [...prepared.notes, ...tuned.notes],
    predictions: {
      ...packPredictions(predictions),
      ...(scores === undefined ? {} : { scoresHash: sha256Hex(scores) }),
    },
    counts: {
      trainExamples: train.rows.length,
      selectionExamples: select.rows.length,
      reportedExamples: report.rows.length,
      steps: tuned.steps,
    },
    costs: {
      trainableParameters: tuned.trainableParameters,
      totalParameters: tuned.totalParameters,
      flops: tuned.flops,
      adapterBytes: values.size === 0 ? 0 : writeSafetensors(values).byteLength,
    },
    parameterHash: tuned.parameterHash,
    run: {
      trainTimeMs: tuned.trainTimeMs,
      evaluationTimeMs: tuned.selectionTimeMs + reportTimeMs,
      peakMemoryBytes: 0,
      environment,
    },
  };
  return { record, ...(scores === undefined ? {} : { scores }), ...(losses === undefined ? {} : { losses }) };
}

/** Why a trial counts as diverged; undefined when it does not. */
function divergence(tuned: FineTuned, outputs: readonly InstanceOutput[]): string | undefined {
  if (tuned.status === 'diverged') return `a loss or an output was not finite at step ${tuned.steps}`;
  const finite = outputs.every(({ scores }) => scores.every(Number.isFinite));
  return finite ? undefined : 'an output on the reported split was not finite';
}
