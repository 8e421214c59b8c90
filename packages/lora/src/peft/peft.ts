import type { HostTensors, Model, SequenceHeadKind } from '@attune/core';
import { loraParameters } from '../lora-parameters.ts';
import type { LoraSettings } from '../settings.ts';
import { targetProjections } from '../target-projections.ts';
import { readAdapterConfig, writeAdapterConfig } from './adapter-config.ts';
import { type AdapterHead, adapterHead } from './adapter-head.ts';
import { type ExpectedShapes, fromPeftName, fromPeftNames, toPeftNames } from './adapter-tensors.ts';

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
  /** Trained values: the factors, and the head if there is one. Others are left out. */
  readonly values: HostTensors;
  /** What the head is for, where a family has one name for both; a classification when absent. */
  readonly head?: SequenceHeadKind;
  readonly baseModel?: string;
}

/**
 * An adapter as PEFT stores it. PEFT cannot say how many labels the head has: whoever loads the directory must
 * create the base model with the same number and order.
 *
 * @throws ConfigError listing every tensor that is missing or mis-shaped
 */
export function toPeft({ model, settings, values, baseModel, head: kind }: ToPeftCall): PeftFiles {
  const head = adapterHead(model, values.keys(), kind);
  const expected = expectedShapes(model, settings, head);
  const all = toPeftNames(new Map([...values].filter(([name]) => expected.has(name))));
  const tensors = toPeftNames(fromPeftNames(all, expected, 'lora: toPeft'));
  // Full paths: a suffix that matches inside the layers alone here could match outside them in PEFT.
  const projections = targetProjections(model, settings.targetModules);
  const config = writeAdapterConfig({
    settings,
    targets: projections.map(({ name }) => name),
    fanInFanOut: projections.every(({ fanInFanOut }) => fanInFanOut === true),
    ...(baseModel === undefined ? {} : { baseModel }),
    ...(head === undefined ? {} : { head }),
  });
  return { config, tensors };
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
  const head = adapterHead(model, [...tensors.keys()].map(fromPeftName));
  const expected = expectedShapes(model, settings, head);
  return { settings, values: fromPeftNames(tensors, expected, 'adapter_model.safetensors') };
}

function expectedShapes(model: Model, settings: LoraSettings, head: AdapterHead | undefined): ExpectedShapes {
  const factors = loraParameters(targetProjections(model, settings.targetModules), settings.rank);
  return new Map([...factors.map(({ name, shape }) => [name, shape] as const), ...(head?.shapes ?? [])]);
}
