import { type Instance, type LoadedModel, type ModelFamily, modelFamily } from '@attune/core';
import type { TrialRecord } from '@attune/records';

/** The head that an export's logits are of. */
const heads = {
  classification: 'classification',
  cloze: 'classification',
  choice: 'choice',
  candidates: 'languageModel',
  fill: 'languageModel',
} as const satisfies Readonly<Record<Instance['kind'], keyof ModelFamily['architectures']>>;

export interface ModelConfigCall {
  readonly loaded: Pick<LoadedModel, 'config' | 'model'>;
  readonly kind: Instance['kind'];
  /** In the order of the logits; none where they are of choices or of the vocabulary. */
  readonly labels: readonly string[];
  readonly record: TrialRecord;
}

/** config.json: the checkpoint's own, the head, its labels, and which trial it is of. */
export function exportedConfig({ loaded, kind, labels, record }: ModelConfigCall): object {
  const { architectures } = modelFamily(loaded.config, 'config.json');
  const isLabelled = kind === 'classification' || kind === 'cloze';
  const { method, task, formulation, pattern, seed } = record.config;
  return {
    ...loaded.config,
    architectures: [architectures[heads[kind]]],
    ...(isLabelled
      ? {
          id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
          label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
        }
      : {}),
    attune: { trial: record.key, method: method.name, task: task.name, formulation, pattern, seed, kind },
  };
}
