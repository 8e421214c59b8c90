import { parseWith } from '@attune/base';
import type { ModelConfig, ModelFamily, SequenceHeadKind } from '@attune/core';
import { z } from 'zod';

/** A head over sequences, as config.json has it. */
export interface DeclaredHead {
  readonly kind: SequenceHeadKind;
  /** Names of the outputs, in their order; of a choice, which has a single one, "score". */
  readonly labels: readonly string[];
  /** `problem_type`: what the outputs are for, where it is said. */
  readonly problemType?: string;
}

const headFields = z.looseObject({
  architectures: z.array(z.string()).nullish(),
  id2label: z.record(z.string().regex(/^\d+$/, 'expected the number of an output'), z.coerce.string()).nullish(),
  num_labels: z.int().positive().nullish(),
  problem_type: z.string().nullish(),
});

/** The one output of a choice. */
export const choiceLabels: readonly string[] = ['score'];
const defaultLabel = /^LABEL_\d+$/;

/** Names that outputs have where nobody gave them any, as in the transformers library. */
export function defaultLabels(count: number): string[] {
  return Array.from({ length: count }, (_, output) => `LABEL_${output}`);
}

/** Whether labels are names that the transformers library makes up: they say how many there are, and nothing else. */
export function areDefaultLabels(labels: readonly string[]): boolean {
  return labels.every((label) => defaultLabel.test(label));
}

/**
 * The head over sequences that `architectures` of a config.json names, with the labels of its outputs: two when nothing
 * is said of them, as in the transformers library. Undefined where it names another class.
 *
 * @throws ConfigError when labels, their number or the kind of problem are malformed
 */
export function declaredHead(
  config: ModelConfig,
  { architectures }: Pick<ModelFamily, 'architectures'>,
  where: string,
): DeclaredHead | undefined {
  const declared = Array.isArray(config.architectures) ? (config.architectures as readonly unknown[]) : [];
  const kind = (['classification', 'choice'] as const).find((each) => declared.includes(architectures[each]));
  if (kind === undefined) return undefined;
  if (kind === 'choice') return { kind, labels: choiceLabels };
  const fields = parseWith(headFields, config, `${where}: not a usable configuration of a head`);
  const names = Object.entries(fields.id2label ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  const count = fields.num_labels ?? (names.length || 2);
  const labels = names.length === count ? names.map(([, label]) => label) : defaultLabels(count);
  return { kind, labels, ...(fields.problem_type ? { problemType: fields.problem_type } : {}) };
}

/**
 * A config.json with a head: the class that has it, its labels, and what its outputs are for. Labels of another head go.
 *
 * @param padId  the tokenizer's; a decoder's head finds the end of a text by it
 */
export function configWithHead(
  config: ModelConfig,
  head: DeclaredHead,
  of: { readonly family: ModelFamily; readonly isDecoder: boolean; readonly padId: number },
): ModelConfig {
  const { id2label: _, label2id: __, num_labels: ___, problem_type: ____, ...rest } = config;
  const { architectures } = of.family;
  const isLabelled = head.kind === 'classification' || architectures.choice === architectures.classification;
  return {
    ...rest,
    architectures: [architectures[head.kind]],
    ...(isLabelled ? labelFields(head) : {}),
    // An encoder counts positions from it, or ignores it: its own is right.
    ...(of.isDecoder ? { pad_token_id: of.padId } : {}),
  };
}

function labelFields({ kind, labels, problemType }: DeclaredHead): ModelConfig {
  const inferred = labels.length === 1 ? undefined : 'single_label_classification';
  const problem = kind === 'choice' ? undefined : (problemType ?? inferred);
  return {
    id2label: Object.fromEntries(labels.map((label, output) => [output, label])),
    label2id: Object.fromEntries(labels.map((label, output) => [label, output])),
    num_labels: labels.length,
    ...(problem === undefined ? {} : { problem_type: problem }),
  };
}
