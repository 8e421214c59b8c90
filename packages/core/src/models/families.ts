import { z } from 'zod';
import type { Model } from '../contracts/model.ts';
import { ConfigError, unknownNameMessage } from '../errors.ts';
import { createBert } from './bert/bert.ts';
import { canonicalBertName } from './bert/canonical-name.ts';
import { parseBertConfig } from './bert/config.ts';
import { canonicalGpt2Name, isGpt2Buffer } from './gpt2/canonical-name.ts';
import { parseGpt2Config } from './gpt2/config.ts';
import { createGpt2 } from './gpt2/gpt2.ts';
import { canonicalLlamaName, isLlamaBuffer } from './llama/canonical-name.ts';
import { llamaModelTypes, parseLlamaConfig } from './llama/config.ts';
import { createLlama } from './llama/llama.ts';

/** What reading a checkpoint of one kind of model takes. */
export interface ModelFamily {
  /** `model_type` of config.json. */
  readonly modelType: string;
  /** Checks the content of config.json and makes the model. @throws ConfigError */
  readonly create: (config: unknown, where: string) => { readonly model: Model; readonly config: ModelConfig };
  /** The parameter's name here, for a name as some checkpoint has it. */
  readonly canonicalName: (stored: string) => string;
  /** Whether what is stored under a canonical name is no parameter but follows from the configuration. */
  readonly isBuffer?: (name: string) => boolean;
}

/** Checked content of a config.json, under its own names. */
export type ModelConfig = Readonly<Record<string, unknown>>;

const families: readonly ModelFamily[] = [
  {
    modelType: 'bert',
    create(value, where) {
      const config = parseBertConfig(value, where);
      return { model: createBert(config), config };
    },
    canonicalName: canonicalBertName,
  },
  {
    modelType: 'gpt2',
    create(value, where) {
      const config = parseGpt2Config(value, where);
      return { model: createGpt2(config), config };
    },
    canonicalName: canonicalGpt2Name,
    isBuffer: isGpt2Buffer,
  },
  ...llamaModelTypes.map((modelType) => ({
    modelType,
    create(value: unknown, where: string) {
      const { config, fields } = parseLlamaConfig(value, where);
      return { model: createLlama(config), config: fields };
    },
    canonicalName: canonicalLlamaName,
    isBuffer: isLlamaBuffer,
  })),
];

/**
 * The family that `model_type` of a config.json names.
 *
 * @throws ConfigError when it names none; the nearest known one is offered
 */
export function modelFamily(config: unknown, where: string): ModelFamily {
  const parsed = z.looseObject({ model_type: z.string() }).safeParse(config);
  const known = families.map(({ modelType }) => modelType);
  if (!parsed.success) throw new ConfigError(`${where}: model_type is missing; known: ${known.join(', ')}`);
  const family = families.find(({ modelType }) => modelType === parsed.data.model_type);
  if (family === undefined) {
    throw new ConfigError(`${where}: ${unknownNameMessage('model_type', parsed.data.model_type, known)}`);
  }
  return family;
}
