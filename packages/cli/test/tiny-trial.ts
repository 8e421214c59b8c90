import { join } from 'node:path';
import type { FineTuningMethod } from '@attune/core';
import type { Engine } from '@attune/engine';
import { type TrialPlan, trainTrial, type WorkerCaches } from '@attune/runner/node';
import { catalog } from '../src/catalog.ts';
import { tinyData } from './tiny-world.ts';

export interface TinyTrial {
  readonly method: FineTuningMethod;
  /** Of the method; its defaults when absent. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly task: string;
  readonly formulation: 'cloze' | 'head';
  /** Replaces parts of the training settings. */
  readonly training?: Partial<TrialPlan['training']>;
}

interface TinyTrialCall {
  /** The tiny world's. */
  readonly folder: string;
  readonly engine: Engine;
  readonly caches: WorkerCaches;
}

/** Every number that a trial leaves. */
export interface TrialNumbers {
  readonly losses: readonly number[];
  readonly parameterHash: string;
  readonly selection: readonly (number | null)[];
  readonly scores: readonly (readonly number[])[];
}

/** Trains in the tiny world, three epochs unless told otherwise, and evaluates on the reported split. */
export async function runTinyTrial(trial: TinyTrial, { folder, engine, caches }: TinyTrialCall): Promise<TrialNumbers> {
  const plan = planOf(trial, folder);
  const { prepared, tuned } = await trainTrial({ plan, files: tinyFiles(plan, folder), engine, caches });
  const outputs = await tuned.evaluate(prepared.report.formulated.instances);
  const { losses, parameterHash, curve } = tuned;
  tuned.dispose();
  return {
    ...{ losses, parameterHash },
    selection: curve.map(({ selectionScore }) => selectionScore),
    scores: outputs.map(({ scores }) => [...scores]),
  };
}

/**
 * Scores as far as a trial decides them. The last bias of a head for choices adds the same to the score of every
 * choice: its gradient is 0, what is computed is rounding error alone, and Adam makes full steps of it.
 */
export function comparableScores(
  { task, formulation }: Pick<TinyTrial, 'task' | 'formulation'>,
  scores: TrialNumbers['scores'],
): TrialNumbers['scores'] {
  if (task !== 'copa' || formulation !== 'head') return scores;
  return scores.map((row) => {
    const mean = row.reduce((sum, score) => sum + score, 0) / row.length;
    return row.map((score) => score - mean);
  });
}

/** The rows of a trial's task. */
export function tinyFiles({ task }: TrialPlan, folder: string): readonly [string, string, string] {
  const file = (split: string) => join(folder, 'data', task.directory, `${split}.jsonl`);
  return [file('train'), file('dev'), file('val')];
}

export function planOf(trial: TinyTrial, folder: string): TrialPlan {
  const { method, task: name, formulation, training } = trial;
  const task = catalog.tasks.find((known) => known.name === name)!;
  const settings = method.settings.parse(trial.settings ?? {}) as Record<string, unknown>;
  const place = { arm: 'x.ts: arms[0]', pattern: 'x.ts: arms[0]' };
  return {
    ...{ task, formulation, seed: 1, place, data: tinyData },
    arm: { label: method.name, method, settings },
    model: { name: 'tiny', directory: join(folder, 'model'), initialization: 'checkpoint' },
    training: {
      ...{ learningRate: 1e-3, batchSize: 4, epochs: 3, warmupRatio: 0.1, weightDecay: 0.01, maxGradientNorm: 1 },
      ...{ l1: 0, l2: 0, maxLength: 64, evaluationsPerEpoch: 1 },
      ...training,
    },
  };
}
