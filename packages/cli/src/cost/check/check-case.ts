import { createBert, type Formulation, type Model, parseBertConfig } from '@attune/core';
import { catalog } from '../../catalog.ts';
import type { StepRequest } from '../plan-step.ts';

/** A step to measure; plain data, so that it can be sent to another process. */
export interface CheckCase {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly vocabSize: number;
  readonly batchSize: number;
  readonly length: number;
  readonly method: string;
  readonly formulation: Formulation;
}

/** "4×256 lora head" */
export function caseName({ layers, hiddenSize, method, formulation }: CheckCase): string {
  return `${layers}×${hiddenSize} ${method} ${formulation}`;
}

/** The case as a step of a BERT without dropout, its method with default settings. */
export function requestOf({ method: name, formulation, batchSize, length, ...shape }: CheckCase): StepRequest {
  const method = catalog.methods.find((candidate) => candidate.name === name)!;
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
