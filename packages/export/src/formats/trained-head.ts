import { type InstanceKind, modelFamily } from '@attune/core';
import type { RestoredTrial } from '../restore-trial.ts';
import type { HeadName } from './model-config.ts';

const heads = {
  classification: 'classification',
  choice: 'choice',
  cloze: 'languageModel',
  candidates: 'languageModel',
  fill: 'languageModel',
} as const satisfies Readonly<Record<InstanceKind, HeadName>>;

/** The head that a trial trained or asked. */
export function trainedHead({ prepared }: Pick<RestoredTrial, 'prepared'>): HeadName {
  return heads[prepared.report.formulated.kind];
}

/** The class of the transformers library that opens a model with that head, e.g. `AutoModelForMaskedLM`. */
export function autoClass(trial: Pick<RestoredTrial, 'prepared' | 'loaded'>): string {
  const { architectures } = modelFamily(trial.loaded.config, 'config.json');
  const purpose = /For\w+$/.exec(architectures[trainedHead(trial)]);
  // GPT2LMHeadModel is the one that does not say.
  return `AutoModel${purpose?.[0] ?? 'ForCausalLM'}`;
}
