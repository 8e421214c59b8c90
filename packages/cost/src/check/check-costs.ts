import { ConfigError, unknownNameMessage } from '@attune/base';
import { createBert, type FineTuningMethod, type Model, parseBertConfig } from '@attune/core';
import type { NodeWork } from '@attune/graph';
import { costOfStep } from '../cost-of-step.ts';
import type { StepRequest } from '../plan-step.ts';
import { type CheckCase, type MeasureCall, measurePeak, measureTimes } from './measure-step.ts';

/** What a table calls a case: "4×256 lora head". */
export function caseName({ layers, hiddenSize, method, formulation }: CheckCase): string {
  return `${layers}×${hiddenSize} ${method} ${formulation}`;
}

/**
 * The case as a step of a BERT without dropout, its method with default settings.
 *
 * @throws ConfigError when none of the methods has the case's name
 */
export function requestOf(
  { method: name, formulation, batchSize, length, ...shape }: CheckCase,
  methods: readonly FineTuningMethod[],
): StepRequest {
  const method = methods.find((candidate) => candidate.name === name);
  if (method === undefined) {
    const known = methods.map((candidate) => candidate.name);
    throw new ConfigError(`cost check: ${unknownNameMessage('method', name, known)}`);
  }
  return { model: bert(shape), method, settings: method.settings.parse({}), formulation, batchSize, length };
}

function bert({ layers, hiddenSize, vocabSize }: Pick<CheckCase, 'layers' | 'hiddenSize' | 'vocabSize'>): Model {
  const config = parseBertConfig({
    model_type: 'bert',
    vocab_size: vocabSize,
    hidden_size: hiddenSize,
    num_hidden_layers: layers,
    num_attention_heads: Math.max(1, Math.floor(hiddenSize / 64)),
    intermediate_size: 4 * hiddenSize,
    max_position_embeddings: 512,
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
  });
  return createBert(config);
}

/** The methods of a catalogue that a module exports. */
export async function methodsAt(catalogUrl: string): Promise<readonly FineTuningMethod[]> {
  const { catalog } = (await import(catalogUrl)) as { readonly catalog: { readonly methods: FineTuningMethod[] } };
  return catalog.methods;
}

/** A step's peak memory: what its graph says, and what a process took. */
interface CheckedMemory {
  readonly predictedBytes: number;
  /** Absent where the system does not tell. */
  readonly measuredBytes?: number;
}

/** One step: what its graph says, and what running it took. */
export interface CheckedCase extends CheckedMemory {
  readonly step: CheckCase;
  readonly nodes: readonly NodeWork[];
  /** The fastest step: what the machine can do when nothing else runs. */
  readonly measuredMs: number;
}

const shapes = [
  { layers: 2, hiddenSize: 128, vocabSize: 2000, batchSize: 16, length: 32 },
  { layers: 4, hiddenSize: 256, vocabSize: 2000, batchSize: 16, length: 64 },
  { layers: 6, hiddenSize: 384, vocabSize: 30_522, batchSize: 16, length: 64 },
] as const;
const methods = ['full-fine-tuning', 'lora', 'layer-freezing'];

const base = { layers: 12, hiddenSize: 768, vocabSize: 30_522, batchSize: 8, length: 128 } as const;

/** Shapes and methods that predictions are checked on; the size of BERT-base once, a step of it takes seconds. */
export const checkCases: readonly CheckCase[] = [
  ...shapes.flatMap((shape) => methods.map((method) => ({ ...shape, method, formulation: 'head' as const }))),
  { ...base, method: 'full-fine-tuning', formulation: 'head' },
];

/** Where and how long to measure; the step is each case's. */
type CheckCall = Omit<MeasureCall, 'step'>;

/** Measures the memory of a step alone, in a process of its own. */
export async function checkMemory(step: CheckCase, call: CheckCall): Promise<CheckedMemory> {
  const { peakMemoryBytes } = costOfStep(requestOf(step, await methodsAt(call.catalogUrl)));
  const { peakBytes } = await measurePeak({ ...call, step });
  return { predictedBytes: peakMemoryBytes, ...(peakBytes === undefined ? {} : { measuredBytes: peakBytes }) };
}

/** Measures steps one after the other, times and memory each in a process of its own. */
export async function checkCosts(cases: readonly CheckCase[], call: CheckCall): Promise<CheckedCase[]> {
  const methods = await methodsAt(call.catalogUrl);
  const checked: CheckedCase[] = [];
  for (const step of cases) {
    const { nodes } = costOfStep(requestOf(step, methods));
    const stepMs = await measureTimes({ ...call, step });
    checked.push({ step, nodes, ...(await checkMemory(step, call)), measuredMs: Math.min(...stepMs) });
  }
  return checked;
}
