import { ConfigError } from '@attune/base';
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
 * The family that `model_type` of a config.json names. Programs write that name, so one that is nearly another is no
 * slip of the pen: bart is not bert. Only another spelling of a known one is offered.
 *
 * @throws ConfigError when it names none, saying what would work
 */
export function modelFamily(config: unknown, where: string): ModelFamily {
  const parsed = z.looseObject({ model_type: z.string() }).safeParse(config);
  const known = families.map(({ modelType }) => modelType);
  if (!parsed.success) throw new ConfigError(`${where}: model_type is missing; known: ${known.join(', ')}`);
  const { model_type: name } = parsed.data;
  const family = families.find(({ modelType }) => modelType === name);
  if (family !== undefined) return family;
  const meant = known.find((each) => plainName(each) === plainName(name));
  const hint =
    meant === undefined
      ? `; that is another architecture. Take a checkpoint of ${known.join(', ')}, or write its family as CONTRIBUTING.md ` +
        'shows ("Add a model family")'
      : `; did you mean "${meant}"? Known: ${known.join(', ')}`;
  throw new ConfigError(`${where}: unknown model_type ${JSON.stringify(name)}${hint}`);
}

/** `gpt2` for GPT-2, `distilbert` for distil_bert. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_ .]/g, '');
}
