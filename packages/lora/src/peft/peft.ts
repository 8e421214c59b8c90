import type { HostTensors, Model } from '@attune/core';
import { loraParameters } from '../lora-parameters.ts';
import type { LoraSettings } from '../settings.ts';
import { targetProjections } from '../target-projections.ts';
import { readAdapterConfig, writeAdapterConfig } from './adapter-config.ts';
import { type ExpectedShapes, fromPeftNames, toPeftNames } from './adapter-tensors.ts';

/** The two files of a directory that Hugging Face PEFT loads. */
export interface PeftFiles {
  /** Text of `adapter_config.json`. */
  readonly config: string;
  /** Tensors of `adapter_model.safetensors`. */
  readonly tensors: HostTensors;
}

export interface ToPeftCall {
  readonly model: Model;
  readonly settings: LoraSettings;
  /** Trained values: the factors, and the classifier if there is one. Others are left out. */
  readonly values: HostTensors;
  readonly baseModel?: string;
}

/**
 * An adapter as PEFT stores it. PEFT cannot say how many labels the classifier has: whoever loads the directory must
 * create the base model with the same number and order.
 *
 * @throws ConfigError listing every tensor that is missing or mis-shaped
 */
export function toPeft({ model, settings, values, baseModel }: ToPeftCall): PeftFiles {
  const hasClassifier = [...values.keys()].some((name) => name.startsWith('classifier.'));
  const expected = expectedShapes(model, settings, hasClassifier);
  const all = toPeftNames(new Map([...values].filter(([name]) => expected.has(name))));
  const tensors = toPeftNames(fromPeftNames(all, expected, 'lora: toPeft'));
  // Full paths: a suffix that matches inside the layers alone here could match outside them in PEFT.
  const targets = targetProjections(model, settings.targetModules).map(({ name }) => name);
  const base = baseModel === undefined ? {} : { baseModel };
  return { config: writeAdapterConfig({ settings, targets, hasClassifier, ...base }), tensors };
}

/**
 * Settings and values of an adapter that PEFT stored; stricter than PEFT, which only warns of a missing factor.
 *
 * @throws ConfigError listing every problem of the configuration, or of the tensors
 */
export function fromPeft(
  model: Model,
  { config, tensors }: PeftFiles,
): { readonly settings: LoraSettings; readonly values: HostTensors } {
  const settings = readAdapterConfig(config);
  const hasClassifier = [...tensors.keys()].some((name) => name.includes('.classifier.'));
  const expected = expectedShapes(model, settings, hasClassifier);
  return { settings, values: fromPeftNames(tensors, expected, 'adapter_model.safetensors') };
}

function expectedShapes(model: Model, settings: LoraSettings, hasClassifier: boolean): ExpectedShapes {
  const factors = loraParameters(targetProjections(model, settings.targetModules), settings.rank);
  const shapes = new Map<string, readonly (number | null)[]>(factors.map(({ name, shape }) => [name, shape]));
  if (!hasClassifier) return shapes;
  return shapes.set('classifier.weight', [null, model.hiddenSize]).set('classifier.bias', [null]);
}
