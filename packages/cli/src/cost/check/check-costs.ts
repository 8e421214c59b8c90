import type { NodeWork } from '@attune/graph';
import { costOfStep } from '../cost-of-step.ts';
import { type CheckCase, methodsAt, requestOf } from './check-case.ts';
import { type MeasureCall, measureStep } from './measure-step.ts';

/** One step: what its graph says, and what running it took. */
export interface CheckedCase {
  readonly step: CheckCase;
  readonly nodes: readonly NodeWork[];
  readonly predictedBytes: number;
  /** Absent where the system does not tell. */
  readonly measuredBytes?: number;
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

/** Measures steps one after the other, each in a process of its own. */
export async function checkCosts(cases: readonly CheckCase[], call: Omit<MeasureCall, 'step'>): Promise<CheckedCase[]> {
  const methods = await methodsAt(call.catalogUrl);
  const checked: CheckedCase[] = [];
  for (const step of cases) {
    const { nodes, peakMemoryBytes } = costOfStep(requestOf(step, methods));
    const measured = await measureStep({ ...call, step });
    const { peakBytes } = measured;
    const memory = {
      predictedBytes: peakMemoryBytes,
      ...(peakBytes === undefined ? {} : { measuredBytes: peakBytes }),
    };
    checked.push({ step, nodes, ...memory, measuredMs: Math.min(...measured.stepMs) });
  }
  return checked;
}
