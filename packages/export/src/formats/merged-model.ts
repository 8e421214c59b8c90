import type { HostTensors } from '@attune/base';
import type { LoadedModel } from '@attune/checkpoints/node';
import { type Attachment, type Instance, type InstanceKind, type ModelFamily, modelFamily } from '@attune/core';
import type { TrialRecord } from '@attune/records';
import { evaluateModel, paddingOf, trainedParameters } from '@attune/training';
import { checkOutputs } from '../check-outputs.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import type { ExportedTrial, OutputCheck } from './export-format.ts';

/** A head that a family has a class for in the transformers library. */
export type HeadName = keyof ModelFamily['architectures'];

/** What the exported model's config.json depends on. */
interface ModelConfigCall {
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

/** Whether a trained model can be plain weights of its family. */
export function isPlain({ merge, parameters }: Attachment): boolean {
  return merge !== undefined || parameters.length === 0;
}

/** The values of a trained model and its head, adapters folded in. */
export function mergedParameters({ prepared, trained }: Pick<ExportedTrial, 'prepared' | 'trained'>): HostTensors {
  const parameters = trainedParameters({ ...prepared, random: prepared.random.fork('training'), trained });
  return prepared.attachment.merge?.(parameters) ?? parameters;
}

/** Compares the plain model with these values to the trained one. @throws ConfigError when it computes anything else */
export function checkMerged(trial: ExportedTrial, values: HostTensors): Promise<OutputCheck> {
  const { model, objective, tokenizer } = trial.prepared;
  const call = { ...paddingOf(tokenizer), engine: trial.engine, model, objective, values };
  return checkOutputs(trial, 'the merged model', (instances) => evaluateModel(call, instances));
}
