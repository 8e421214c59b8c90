import type { HostTensors, Model, PeftCall, PeftFiles } from '@attune/core';
import { loraParameters } from '../lora-parameters.ts';
import type { LoraSettings } from '../settings.ts';
import { targetProjections } from '../target-projections.ts';
import { readAdapterConfig, writeAdapterConfig } from './adapter-config.ts';
import { type AdapterHead, adapterHead } from './adapter-head.ts';
import { type ExpectedShapes, fromPeftName, fromPeftNames, toPeftNames } from './adapter-tensors.ts';

export interface ToPeftCall extends PeftCall {
  readonly model: Model;
  readonly settings: LoraSettings;
}

/**
 * An adapter as PEFT stores it. PEFT cannot say how many labels the head has: whoever loads the directory must
 * create the base model with the same number and order.
 *
 * @throws ConfigError listing every tensor that is missing or mis-shaped
 */
export function toPeft({ model, settings, values, head: kind, ...base }: ToPeftCall): PeftFiles {
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
    ...base,
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
