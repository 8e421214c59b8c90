import { type Instance, type ModelFamily, modelFamily } from '@attune/core';
import type { LoadedModel } from '@attune/core/node';
import type { TrialRecord } from '@attune/records';

export type HeadName = keyof ModelFamily['architectures'];

export interface ModelConfigCall {
  readonly loaded: Pick<LoadedModel, 'config' | 'model'>;
  readonly kind: Instance['kind'];
  /** The head that an export's logits are of. */
  readonly head: HeadName;
  /** In the order of a classification's logits. */
  readonly labels: readonly string[];
  readonly record: TrialRecord;
}

/** config.json: the checkpoint's own, the head, its labels, and which trial it is of. */
export function exportedConfig({ loaded, kind, head, labels, record }: ModelConfigCall): Record<string, unknown> {
  const { architectures } = modelFamily(loaded.config, 'config.json');
  const { method, task, formulation, pattern, seed } = record.config;
  const isScored = hasScoredChoices(loaded, head);
  const outputs = isScored ? ['score'] : labels;
  return {
    ...loaded.config,
    architectures: [architectures[head]],
    ...(head === 'classification' || isScored
      ? {
          id2label: Object.fromEntries(outputs.map((label, id) => [id, label])),
          label2id: Object.fromEntries(outputs.map((label, id) => [label, id])),
        }
      : {}),
    attune: { trial: record.key, method: method.name, task: task.name, formulation, pattern, seed, kind },
  };
}

/** Whether a head for choices is a classification of one output, as in families without one of their own. */
export function hasScoredChoices({ config }: Pick<LoadedModel, 'config'>, head: HeadName): boolean {
  const { architectures } = modelFamily(config, 'config.json');
  return head === 'choice' && architectures.choice === architectures.classification;
}
