import { ConfigError, type HostTensors, type RandomSource, randomSource, type StepEngine } from '@attune/base';
import { type Attachment, initializeParameters, type Model } from '@attune/core';
import { fineTune } from '../loop/fine-tune.ts';
import type { FineTuned, TrainingCheckpoints } from '../loop/fine-tuned.ts';
import { fillObjective } from '../objectives/fill.ts';
import { paddingOf } from '../objectives/objective.ts';
import { type PretrainingTexts, pretrainingEpochs } from './pretraining-epochs.ts';
import type { PretrainingPhase } from './recipe.ts';

/** What is pre-trained, and on what. */
export interface PretrainCall extends PretrainingTexts {
  readonly model: Model;
  readonly engine: StepEngine;
  readonly onProgress?: (progress: PretrainingProgress) => void;
  readonly checkpoints?: PretrainingCheckpoints;
  readonly signal?: AbortSignal;
}

/** A pre-training between two steps. */
export interface PretrainingState {
  /** Losses of each phase so far, the current one last. */
  readonly losses: readonly (readonly number[])[];
  /** Values and moments in the current phase. */
  readonly tensors: HostTensors;
}

/** As `TrainingCheckpoints`, over all phases. */
export interface PretrainingCheckpoints {
  readonly everySteps: number;
  readonly from?: PretrainingState | undefined;
  readonly save: (state: PretrainingState) => Promise<void>;
}

/** How far a pre-training is; `phase` counts from 0. */
export interface PretrainingProgress {
  readonly phase: number;
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number;
}

/** Mean loss over the steps since the previous point. */
interface LossPoint {
  readonly phase: number;
  readonly step: number;
  readonly loss: number;
}

/** What came of a pre-training. */
export interface Pretrained {
  readonly values: HostTensors;
  readonly curve: readonly LossPoint[];
  /** Settings of phases trained now that could not be followed or had no effect, see `FineTuned`. */
  readonly notes: readonly string[];
}

/**
 * Trains all parameters of a freshly initialised model as the language model it is, phase after phase. The same call
 * gives the same values, bit for bit, on the same engine. What language modelling does not reach (the pooler) keeps
 * its initial values. One that goes on from a kept state gives the values of one that was never stopped.
 *
 * @throws ConfigError when the objective is not the model's, a phase has no text, a salient word is no token, or the
 *   loss stops being a number
 * @throws DOMException named AbortError when the signal is aborted
 */
export async function pretrain(call: PretrainCall): Promise<Pretrained> {
  requireObjective(call);
  const root = randomSource(call.recipe.seed);
  let values: HostTensors = initializeParameters(call.model.parameters, root.fork('init'));
  // What came of finished phases is part of the state in the phase after them.
  const notes: string[] = [];
  const losses = [...(call.checkpoints?.from?.losses.slice(0, -1) ?? [])];
  for (let index = losses.length; index < call.recipe.phases.length; index++) {
    const random = root.fork('phase').fork(index);
    const phase = call.recipe.phases[index]!;
    const trained = await trainPhase(call, { index, phase, values, random, before: [...losses] });
    values = new Map([...values, ...trained.values]);
    losses.push(trained.losses);
    notes.push(...trained.notes.map((note) => `phase ${index + 1}: ${note}`));
  }
  const curve = losses.flatMap((phase, index) => lossCurve(index, phase));
  return { values, curve, notes };
}

function requireObjective({ recipe, model }: PretrainCall): void {
  if (recipe.objective === model.languageModel) return;
  if (model.languageModel === 'replaced-token') {
    throw new ConfigError(
      `pre-training: this ${model.family} tells replaced tokens, which no recipe is for; take a language model, e.g. a ` +
        'generator, whose config.json says ElectraForMaskedLM in architectures',
    );
  }
  throw new ConfigError(
    `pre-training: the recipe's objective is "${recipe.objective}", but ${model.family} is a ${model.languageModel} ` +
      `language model; set it to "${model.languageModel}"`,
  );
}

/** One phase, and what the phases before it left. */
interface PhaseCall {
  readonly index: number;
  readonly phase: PretrainingPhase;
  readonly values: HostTensors;
  readonly random: RandomSource;
  /** Losses of the phases before. */
  readonly before: readonly (readonly number[])[];
}

async function trainPhase(
  call: PretrainCall,
  { index, phase, values, random, before }: PhaseCall,
): Promise<{ readonly values: HostTensors } & Pick<FineTuned, 'losses' | 'notes'>> {
  const { model, recipe, engine, signal, onProgress } = call;
  const instances = pretrainingEpochs(call, { index, random: random.fork('masks') });
  const trained = await fineTune({
    engine,
    model,
    values,
    attachment: everythingTrains,
    objective: fillObjective(model),
    instances,
    settings: {
      learningRate: phase.learningRate,
      batchSize: phase.batchSize,
      epochs: Number.MAX_SAFE_INTEGER,
      maxSteps: phase.steps,
      warmupRatio: recipe.warmupRatio,
      weightDecay: recipe.weightDecay,
      maxGradientNorm: recipe.maxGradientNorm,
      l1: 0,
      l2: 0,
      maxLength: recipe.maxLength,
      evaluationsPerEpoch: 1,
    },
    random,
    ...paddingOf(call.tokenizer),
    onProgress: ({ step, totalSteps, loss }) => {
      if (loss !== null) onProgress?.({ phase: index, step, totalSteps, loss });
    },
    checkpoints: phaseCheckpoints(call.checkpoints, before),
    signal,
  });
  try {
    if (trained.status === 'diverged') throw diverged(index, phase, trained.steps);
    return { values: trained.values(), losses: trained.losses, notes: trained.notes };
  } finally {
    trained.dispose();
  }
}

function phaseCheckpoints(
  checkpoints: PretrainingCheckpoints | undefined,
  before: PretrainingState['losses'],
): TrainingCheckpoints | undefined {
  if (checkpoints === undefined) return undefined;
  const { everySteps, from, save } = checkpoints;
  const losses = from?.losses[before.length];
  return {
    everySteps,
    from: losses && { losses, tensors: from.tensors },
    save: (state) => save({ losses: [...before, state.losses], tensors: state.tensors }),
  };
}

const everythingTrains: Attachment = {
  parameters: [],
  initialValues: () => new Map(),
  isTrainable: () => true,
  hooks: {},
  numVirtualTokens: 0,
};

const stepsPerPoint = 50;

function lossCurve(phase: number, losses: readonly number[]): LossPoint[] {
  return Array.from({ length: Math.ceil(losses.length / stepsPerPoint) }, (_, point) => {
    const recent = losses.slice(point * stepsPerPoint, (point + 1) * stepsPerPoint);
    const loss = recent.reduce((sum, value) => sum + value, 0) / recent.length;
    return { phase, step: point * stepsPerPoint + recent.length, loss };
  });
}

function diverged(index: number, { learningRate }: PretrainingPhase, step: number): ConfigError {
  return new ConfigError(
    `pre-training: phase ${index + 1}: the loss was no number at step ${step} with learning rate ${learningRate}; ` +
      'a lower rate or a longer warm-up may help',
  );
}
