import {
  ConfigError,
  createBert,
  type FineTuningMethod,
  type Formulation,
  type Model,
  parseBertConfig,
  unknownNameMessage,
} from '@attune/core';
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
