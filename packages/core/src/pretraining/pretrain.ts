import type { FillInstance } from '../contracts/instance.ts';
import type { Attachment } from '../contracts/method.ts';
import type { Model } from '../contracts/model.ts';
import type { StepEngine } from '../contracts/step-engine.ts';
import type { HostTensors } from '../contracts/tensors.ts';
import { ConfigError } from '../errors.ts';
import { fillObjective } from '../objectives/fill.ts';
import { randomSource } from '../random/create-random-source.ts';
import type { RandomSource } from '../random/random-source.ts';
import { initializeParameters } from '../tensor/initialize-parameters.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { fineTune } from '../training/fine-tune.ts';
import { causalLanguageModelInstances } from './causal-language-model.ts';
import { maskedLanguageModelInstances } from './masked-language-model.ts';
import type { MaskedRecipe, PretrainingPhase, PretrainingRecipe } from './recipe.ts';

export interface PretrainCall {
  readonly recipe: PretrainingRecipe;
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  /** Pieces that continue the word before them. */
  readonly isContinuation?: (id: number) => boolean;
  /** Lines of each phase's corpus, in the order of the phases. */
  readonly texts: readonly (readonly string[])[];
  readonly engine: StepEngine;
  readonly onProgress?: (progress: PretrainingProgress) => void;
  readonly signal?: AbortSignal;
}

export interface PretrainingProgress {
  readonly phase: number;
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number;
}

/** Mean loss over the steps since the previous point. */
export interface LossPoint {
  readonly phase: number;
  readonly step: number;
  readonly loss: number;
}

export interface Pretrained {
  readonly values: HostTensors;
  readonly curve: readonly LossPoint[];
}

/**
 * Trains all parameters of a freshly initialised model as the language model it is, phase after phase. The same call
 * gives the same values, bit for bit, on the same engine. What language modelling does not reach (the pooler) keeps
 * its initial values.
 *
 * @throws ConfigError when the objective is not the model's, a phase has no text, a salient word is no token, or the
 *   loss stops being a number
 * @throws DOMException named AbortError when the signal is aborted
 */
export async function pretrain(call: PretrainCall): Promise<Pretrained> {
  requireObjective(call);
  const root = randomSource(call.recipe.seed);
  let values: HostTensors = initializeParameters(call.model.parameters, root.fork('init'));
  const curve: LossPoint[] = [];
  for (const [index, phase] of call.recipe.phases.entries()) {
    const trained = await trainPhase(call, { index, phase, values, random: root.fork('phase').fork(index) });
    values = new Map([...values, ...trained.values]);
    curve.push(...trained.curve);
  }
  return { values, curve };
}

function requireObjective({ recipe, model }: PretrainCall): void {
  if (recipe.objective === model.languageModel) return;
  throw new ConfigError(
    `pre-training: the recipe's objective is "${recipe.objective}", but ${model.family} is a ${model.languageModel} ` +
      `language model; set it to "${model.languageModel}"`,
  );
}

interface PhaseCall {
  readonly index: number;
  readonly phase: PretrainingPhase;
  readonly values: HostTensors;
  readonly random: RandomSource;
}

async function trainPhase(call: PretrainCall, { index, phase, values, random }: PhaseCall): Promise<Pretrained> {
  const { model, recipe, engine, signal, onProgress } = call;
  const instances = epochs(call, { index, random: random.fork('masks') });
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
    padId: call.tokenizer.specialIds.pad,
    onProgress: ({ step, totalSteps, loss }) => onProgress?.({ phase: index, step, totalSteps, loss }),
    signal,
  });
  try {
    if (trained.status === 'diverged') throw diverged(index, phase, trained.steps);
    return { values: trained.values(), curve: lossCurve(index, trained.losses) };
  } finally {
    trained.dispose();
  }
}

/** Instances of an epoch, masked anew each time when words are to be masked. */
function epochs(
  call: PretrainCall,
  { index, random }: { readonly index: number; readonly random: RandomSource },
): (epoch: number) => readonly FillInstance[] {
  const { recipe, tokenizer } = call;
  const lines = (call.texts[index] ?? []).map((text) => tokenizer.encode(text)).filter((ids) => ids.length > 0);
  if (lines.length === 0) throw new ConfigError(`pre-training: phase ${index + 1} has no text to train on`);
  if (recipe.objective === 'masked') return maskedEpochs(call, { recipe, lines, random });
  const instances = causalLanguageModelInstances({ lines, tokenizer, maxLength: recipe.maxLength });
  return () => instances;
}

function maskedEpochs(
  { tokenizer, isContinuation }: PretrainCall,
  of: { readonly recipe: MaskedRecipe; readonly lines: readonly (readonly number[])[]; readonly random: RandomSource },
): (epoch: number) => readonly FillInstance[] {
  const { lines, random } = of;
  const { salient: words, maskProbability, maxLength } = of.recipe;
  const salient = words && { ...words, ids: idsOf(words.words, tokenizer) };
  return (epoch) =>
    maskedLanguageModelInstances({
      lines,
      tokenizer,
      random: random.fork(epoch),
      maskProbability,
      maxLength,
      ...(isContinuation && { isContinuation }),
      ...(salient && { salient }),
    });
}

function idsOf(words: readonly string[], tokenizer: Tokenizer): Set<number> {
  const missing = words.filter((word) => tokenizer.tokenToId(word) === undefined);
  if (missing.length > 0) {
    throw new ConfigError(
      `pre-training: salient.words: ${missing.join(', ')} ${missing.length > 1 ? 'are no tokens' : 'is no token'} ` +
        'of the vocabulary; name whole tokens',
    );
  }
  return new Set(words.map((word) => tokenizer.tokenToId(word)!));
}

const everythingTrains: Attachment = {
  parameters: [],
  initialValues: new Map(),
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
