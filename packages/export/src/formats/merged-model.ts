import { type Attachment, evaluateModel, type HostTensors, paddingOf, trainedParameters } from '@attune/core';
import { checkOutputs, type OutputCheck } from '../check-outputs.ts';
import type { ExportedTrial } from './export-format.ts';

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
