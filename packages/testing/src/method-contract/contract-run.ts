import {
  type HostTensors,
  hashTensors,
  randomSource,
  type StepEngine,
  type TensorStore,
  type TrainingSettings,
} from '@attune/base';
import {
  type Attachment,
  type EncodedSequence,
  type Formulation,
  type Instance,
  initializeParameters,
  type LinearHook,
  type Model,
} from '@attune/core';
import { createObjective, type FineTuned, fineTune, type Objective } from '@attune/training';
import { referenceEngine } from '../reference-engine.ts';

const numLabels = 3;
/** Not the same number of words for each label, so that averaging shows. */
const verbalizer = [[5], [6, 7], [8]];
const batchSize = 4;
const steps = 3;
const [clsId, sepId, maskId, firstWordId] = [2, 3, 4, 5];

/** Of the three steps. */
const contractTraining: TrainingSettings = {
  learningRate: 1e-2,
  batchSize,
  epochs: 1,
  warmupRatio: 0,
  weightDecay: 0,
  l1: 0,
  l2: 0,
  maxLength: 32,
  evaluationsPerEpoch: 1,
};

/** One method attached to one model under one formulation. */
interface ContractRun {
  readonly model: Model;
  readonly formulation: Formulation;
  readonly attachment: Attachment;
  /** Backbone values. */
  readonly values: HostTensors;
}

/** Classification with three labels, or a cloze over as many words or groups of words. */
export function contractObjective({ model, formulation }: Pick<ContractRun, 'model' | 'formulation'>): Objective {
  if (formulation === 'head') return createObjective({ kind: 'classification', model, numLabels });
  return createObjective({ kind: 'cloze', model, verbalizer });
}

/**
 * The same model without the method: its hooks and parameters gone, batches as before. Projections that the method
 * reaches are still looked at, since a model may compute others another way, with other rounding.
 */
export function detached({ hooks: { linear }, numVirtualTokens }: Attachment): Attachment {
  const looked = linear === undefined ? {} : { linear: { ...linear, ...lookedAt } };
  return { parameters: [], initialValues: () => new Map(), isTrainable: () => false, hooks: looked, numVirtualTokens };
}

const lookedAt: Required<Omit<LinearHook, 'targets'>> = { input: ({ input }) => input, output: ({ output }) => output };

/** The values of all stores after training, moments aside, beside what the training says of itself. */
export interface ContractTrained extends Pick<FineTuned, 'losses' | 'trainableParameters'> {
  /** What the checkpoint of the method holds. */
  readonly kept: HostTensors;
  /** Every parameter, read back from the engine. */
  readonly all: HostTensors;
  /** Scores of the instances. */
  readonly scores: readonly (readonly number[])[];
}

/** Three steps from given values, dropout included. */
export async function trainThreeSteps(run: ContractRun, seed = 1): Promise<ContractTrained> {
  const { engine, readAll } = watchedEngine();
  return using(await start({ ...run, engine, seed, settings: contractTraining }), async (tuned) => ({
    losses: tuned.losses,
    trainableParameters: tuned.trainableParameters,
    kept: tuned.values(),
    all: await readAll(),
    scores: await scoresOf(tuned, run),
  }));
}

/** What an attached model answers before any training. */
export async function outputsOf(run: ContractRun): Promise<ContractTrained['scores']> {
  const engine = referenceEngine();
  const untrained = { ...contractTraining, epochs: 0 };
  return using(await start({ ...run, engine, seed: 1, settings: untrained }), (tuned) => scoresOf(tuned, run));
}

/** Whether one tensor is the same in both, bit by bit. */
export function sameBits(left: HostTensors, right: HostTensors, name: string): boolean {
  const one = (tensors: HostTensors) => new Map([[name, tensors.get(name)!]]);
  return hashTensors(one(left)) === hashTensors(one(right));
}

/** Values before the first step of every parameter that the run has. */
export function initialValuesOf(run: ContractRun): HostTensors {
  return new Map([...headValues(run), ...run.values, ...run.attachment.initialValues()]);
}

async function start(
  run: ContractRun & { readonly engine: StepEngine; readonly seed: number; readonly settings: TrainingSettings },
): Promise<FineTuned> {
  const { model, formulation, attachment, engine, seed, settings } = run;
  return fineTune({
    engine,
    model,
    values: initialValuesOf(run),
    attachment,
    objective: contractObjective(run),
    instances: contractInstances(formulation, attachment.numVirtualTokens),
    settings,
    random: randomSource(seed),
  });
}

async function using<T>(tuned: FineTuned, read: (tuned: FineTuned) => Promise<T>): Promise<T> {
  try {
    return await read(tuned);
  } finally {
    tuned.dispose();
  }
}

async function scoresOf(tuned: FineTuned, { formulation, attachment }: ContractRun) {
  // One batch has every length.
  const instances = contractInstances(formulation, attachment.numVirtualTokens).slice(0, batchSize);
  const outputs = await tuned.evaluate(instances);
  return outputs.map(({ scores }) => scores);
}

/** A head whose weights are as wide as the tiny model's, so that it shows what is below it. */
function headValues(run: ContractRun): HostTensors {
  const specs = contractObjective(run).parameters;
  const wide = specs.map((spec) => ({ ...spec, initializer: { kind: 'normal', stddev: 0.3 } }) as const);
  return initializeParameters(wide, randomSource(0).fork('head'));
}

/** The reference engine, and all that its stores hold but the optimiser's state. */
function watchedEngine(): { readonly engine: StepEngine; readonly readAll: () => Promise<HostTensors> } {
  const plain = referenceEngine();
  const stores: TensorStore[] = [];
  const createStore: StepEngine['createStore'] = (values) => {
    const store = plain.createStore(values);
    stores.push(store);
    return store;
  };
  const readAll = async () => {
    const parts = await Promise.all(stores.map((store) => store.read()));
    const isParameter = (name: string) => !/^(first|second)Moment:/.test(name);
    return new Map(parts.flatMap((part) => [...part].filter(([name]) => isParameter(name))));
  };
  return { engine: { ...plain, createStore }, readAll };
}

/** Random words of uneven length, a mask, and a place for each pseudo token. */
function contractInstances(formulation: Formulation, numVirtualTokens: number): Instance[] {
  const random = randomSource(0).fork('instances');
  return Array.from({ length: batchSize * steps }, (_, index) => {
    const words = Array.from({ length: 4 + (index % 4) }, () => firstWordId + random.integer(45));
    const sequence = contractSequence(words, numVirtualTokens);
    const label = random.integer(numLabels);
    return formulation === 'head' ? { kind: 'classification', sequence, label } : { kind: 'cloze', sequence, label };
  });
}

/** [CLS] words [P × n] [MASK] [SEP]; the second segment starts at the pseudo tokens. */
function contractSequence(words: readonly number[], numVirtualTokens: number): EncodedSequence {
  const virtual = Array.from({ length: numVirtualTokens }, () => firstWordId);
  const inputIds = [clsId, ...words, ...virtual, maskId, sepId];
  const firstVirtual = 1 + words.length;
  return {
    inputIds,
    tokenTypeIds: inputIds.map((_, position) => (position < firstVirtual ? 0 : 1)),
    maskPositions: [firstVirtual + numVirtualTokens],
    virtualTokenPositions: virtual.map((_, index) => firstVirtual + index),
  };
}
