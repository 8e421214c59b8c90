import { ConfigError, parseWith } from '@attune/base';
import { type PeftCall, type PeftLayout, peftConfigText } from '@attune/core';
import { z } from 'zod';
import type { LoraSettings } from '../settings.ts';

/** Fields of a LoRA `adapter_config.json` that change nothing at these values; another value is refused on reading. */
const unsupported = {
  alora_invocation_tokens: null,
  alpha_pattern: {},
  arrow_config: null,
  bias: 'none',
  corda_config: null,
  ensure_weight_tying: false,
  eva_config: null,
  exclude_modules: null,
  kasa_config: null,
  layer_replication: null,
  layers_pattern: null,
  layers_to_transform: null,
  loftq_config: {},
  lora_bias: false,
  lora_ga_config: null,
  megatron_config: null,
  monteclora_config: null,
  rank_pattern: {},
  target_parameters: null,
  trainable_token_indices: null,
  use_bdlora: null,
  use_dora: false,
  use_qalora: false,
  velora_config: null,
} as const;

/** Fields that say nothing about the adapter's values. */
const informational = {
  init_lora_weights: true,
  megatron_core: 'megatron.core',
  qalora_group_size: 16,
} as const;

/** What `adapter_config.json` is made of. */
interface WriteConfigCall extends Pick<PeftCall, 'baseModel' | 'revision'>, Pick<PeftLayout, 'head'> {
  readonly settings: LoraSettings;
  /** Full paths of the targeted projections. */
  readonly targets: readonly string[];
  /** Whether the targets' weights are stored as [inputSize, outputSize]. */
  readonly fanInFanOut: boolean;
}

/** The text of `adapter_config.json`: PEFT's fields, sorted, indented by two. */
export function writeAdapterConfig({ settings, targets, fanInFanOut, ...shared }: WriteConfigCall): string {
  const fields = {
    ...unsupported,
    ...informational,
    fan_in_fan_out: fanInFanOut,
    lora_alpha: settings.alpha,
    lora_dropout: settings.dropout,
    peft_type: 'LORA',
    r: settings.rank,
    target_modules: targets,
    use_rslora: settings.useRslora,
  };
  return peftConfigText(fields, shared);
}

const adapterConfigSchema = z.looseObject({
  peft_type: z.literal('LORA'),
  r: z.int().positive().default(8),
  lora_alpha: z.number().positive().default(8),
  lora_dropout: z.number().min(0).lt(1).default(0),
  use_rslora: z.boolean().default(false),
  target_modules: z
    .array(z.string().min(1))
    .min(1)
    .nullish()
    .transform((names) => names ?? 'query-value'),
  init_lora_weights: z
    .union([z.boolean(), z.literal('gaussian'), z.literal('orthogonal'), z.literal('eva')], {
      error:
        'expected true, false, "gaussian", "orthogonal" or "eva", since others change base weights, which are not stored',
    })
    .default(true),
});

/**
 * Settings of an `adapter_config.json`. Missing fields get PEFT's defaults and unknown ones are left alone, as PEFT
 * does; a field that asks for something this package does not compute is an error.
 *
 * @throws ConfigError listing every problem
 */
export function readAdapterConfig(text: string, where = 'adapter_config.json'): LoraSettings {
  const json = parseJson(text, where);
  const config = parseWith(adapterConfigSchema, json, `${where}: not a usable adapter configuration`);
  const problems = unsupportedFields(config);
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `${where}: ${problem}`).join('\n'));
  const { r, lora_alpha, lora_dropout, use_rslora, target_modules } = config;
  return { rank: r, alpha: lora_alpha, dropout: lora_dropout, useRslora: use_rslora, targetModules: target_modules };
}

function unsupportedFields(config: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(unsupported)
    .filter(([field, plain]) => !isPlain(config[field], plain))
    .map(([field, plain]) => `${field}: expected ${JSON.stringify(plain)}, got ${JSON.stringify(config[field])}`);
}

/** Absent, null, false and empty all ask for nothing. */
function isPlain(value: unknown, plain: unknown): boolean {
  if (value === undefined || value === null || value === false || value === plain) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${where}: not JSON: ${(error as Error).message}`);
  }
}
