import { join } from 'node:path';
import type { FineTuningMethod } from '@attune/core';
import type { Engine } from '@attune/engine';
import { type TrialPlan, trainTrial, type WorkerCaches } from '@attune/runner/node';
import { expect } from 'vitest';
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
export async function runTinyTrial(trial: TinyTrial, call: TinyTrialCall): Promise<TrialNumbers> {
  const { prepared, tuned } = await trainTinyTrial(trial, call);
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
 * Trains in the tiny world, and keeps what the last step left: so few steps are often no better on dev than none, and
 * the untrained model would be kept. Dispose `tuned`.
 */
export async function trainTinyTrial(trial: TinyTrial, { folder, engine, caches }: TinyTrialCall) {
  const plan = planOf(trial, folder);
  const files = tinyFiles(plan, folder);
  const task = laterIsBetter(plan.task);
  const { prepared, tuned } = await trainTrial({ plan: { ...plan, task }, files, engine, caches });
  expect(tuned.best?.step, 'the step that was kept').toBe(tuned.steps);
  const untrained = [...tuned.values()].filter(
    ([name, { data }]) => isLoraB(name) && data.every((value) => value === 0),
  );
  expect(untrained.map(([name]) => name)).toEqual([]);
  return { plan, files, prepared, tuned };
}

const isLoraB = (name: string) => name.endsWith('.lora_B.weight');

/** The task with 2 more in its metrics, which are at most 1, at each evaluation. */
function laterIsBetter(task: TrialPlan['task']): TrialPlan['task'] {
  let more = 0;
  const score: typeof task.score = (rows, predictions) => {
    more += 2;
    const metrics = Object.entries(task.score(rows, predictions));
    return Object.fromEntries(metrics.map(([name, value]) => [name, value + more]));
  };
  return { ...task, score };
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
