import type { HostTensors } from '@attune/base';
import {
  fromPeftTensors,
  type Model,
  type PeftCall,
  type PeftFiles,
  type PeftLayout,
  peftLayout,
  type SequenceHeadKind,
  toPeftTensors,
} from '@attune/core';
import { loraParameters } from '../lora-linear.ts';
import { type LoraSettings, targetProjections } from '../settings.ts';
import { readAdapterConfig, writeAdapterConfig } from './adapter-config.ts';

/** What `toPeft` writes: trained values, and the model and settings that they belong to. */
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
  const layout = layoutOf({ model, settings, names: values.keys(), kind });
  // Full paths: a suffix that matches inside the layers alone here could match outside them in PEFT.
  const projections = targetProjections(model, settings.targetModules);
  const config = writeAdapterConfig({
    settings,
    targets: projections.map(({ name }) => name),
    fanInFanOut: projections.every(({ fanInFanOut }) => fanInFanOut === true),
    ...base,
    ...(layout.head && { head: layout.head }),
  });
  return { config, tensors: toPeftTensors(values, layout, 'lora: toPeft') };
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
  const layout = layoutOf({ model, settings, names: tensors.keys() });
  return { settings, values: fromPeftTensors(tensors, layout, 'adapter_model.safetensors') };
}

function layoutOf(of: {
  readonly model: Model;
  readonly settings: LoraSettings;
  readonly names: Iterable<string>;
  readonly kind?: SequenceHeadKind | undefined;
}): PeftLayout {
  const { model, settings, names, kind } = of;
  const adapter = loraParameters(targetProjections(model, settings.targetModules), settings.rank);
  return peftLayout({ model, adapter, names, kind });
}
