import { ConfigError, unknownNameMessage } from '@attune/base';
import { z } from 'zod';
import { albertFamily } from './albert.ts';
import { bertFamily } from './bert.ts';
import { distilBertFamily } from './distilbert.ts';
import { electraFamily } from './electra.ts';
import { gpt2Family } from './gpt2/gpt2.ts';
import { llamaFamilies } from './llama/llama.ts';
import type { ModelFamily } from './model-family.ts';
import { robertaFamily } from './roberta.ts';

const families: readonly ModelFamily[] = [
  bertFamily,
  robertaFamily,
  distilBertFamily,
  albertFamily,
  electraFamily,
  gpt2Family,
  ...llamaFamilies,
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
