import type { Instance, LoadedModel } from '@attune/core';
import type { TrialRecord } from '@attune/records';

/** Hugging Face's name for a BERT with the head that an export's logits are of. */
const heads: Readonly<Record<Instance['kind'], string>> = {
  classification: 'ForSequenceClassification',
  cloze: 'ForSequenceClassification',
  choice: 'ForMultipleChoice',
  candidates: 'ForMaskedLM',
  fill: 'ForMaskedLM',
};

export interface ModelConfigCall {
  readonly loaded: Pick<LoadedModel, 'config' | 'model'>;
  readonly kind: Instance['kind'];
  /** In the order of the logits; none where they are of choices or of the vocabulary. */
  readonly labels: readonly string[];
  readonly record: TrialRecord;
}

/** config.json: the checkpoint's own, the head, its labels, and which trial it is of. */
export function exportedConfig({ loaded, kind, labels, record }: ModelConfigCall): object {
  const family = loaded.model.family.replace(/^./, (letter) => letter.toUpperCase());
  const isLabelled = kind === 'classification' || kind === 'cloze';
  const { method, task, formulation, pattern, seed } = record.config;
  return {
    ...loaded.config,
    architectures: [`${family}${heads[kind]}`],
    ...(isLabelled
      ? {
          id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
          label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
        }
      : {}),
    attune: { trial: record.key, method: method.name, task: task.name, formulation, pattern, seed, kind },
  };
}
