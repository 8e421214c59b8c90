import { ConfigError } from '@attune/base';
import { z } from 'zod';
import type { SpecialIds, Tokenizer } from './tokenizer.ts';

type Kind = keyof SpecialIds;

/** Names in the order they are looked for when tokenizer_config.json says nothing. */
const usualNames: Readonly<Record<Kind, readonly string[]>> = {
  cls: ['[CLS]'],
  sep: ['[SEP]'],
  mask: ['[MASK]', '<mask>'],
  pad: ['[PAD]', '<pad>'],
  unk: ['[UNK]', '<unk>'],
  bos: ['<s>', '<|begin_of_text|>', '<|endoftext|>'],
  eos: ['</s>', '<|end_of_text|>', '<|endoftext|>'],
};

const token = z
  .union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)])
  .nullable()
  .optional();

/** The special tokens' names in tokenizer_config.json; null says that there is none. */
export const tokenNamesSchema = z.looseObject({
  cls_token: token,
  sep_token: token,
  mask_token: token,
  pad_token: token,
  unk_token: token,
  bos_token: token,
  eos_token: token,
});

/** A vocabulary, and what its files say of special tokens. */
interface SpecialIdsCall {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly config: z.infer<typeof tokenNamesSchema>;
  /** The start and separator that a post-processor of BERT's or RoBERTa's kind names. */
  readonly ends?: { readonly cls: number; readonly sep: number } | undefined;
  readonly where: string;
}

/**
 * Special ids: by the names in tokenizer_config.json, else by the usual ones.
 *
 * @throws ConfigError listing the configured names that the vocabulary lacks
 */
export function findSpecialIds({ vocabulary, config, ends, where }: SpecialIdsCall): SpecialIds {
  const missing: string[] = [];
  const find = (kind: Kind): number | undefined => {
    const configured = config[`${kind}_token`];
    if (configured === null) return undefined;
    if (configured === undefined) {
      return usualNames[kind].map((name) => vocabulary.get(name)).find((id) => id !== undefined);
    }
    if (!vocabulary.has(configured)) missing.push(configured);
    return vocabulary.get(configured);
  };
  const kinds = Object.keys(usualNames) as Kind[];
  const found: Partial<Record<Kind, number>> = Object.fromEntries(
    kinds.flatMap((kind) => {
      const id = find(kind);
      return id === undefined ? [] : [[kind, id]];
    }),
  );
  if (missing.length > 0) {
    throw new ConfigError(
      `${where}: the vocabulary of ${vocabulary.size} tokens lacks ${missing.join(', ')}; ` +
        'add them, or name the ones it has in tokenizer_config.json',
    );
  }
  return { ...sequenceEnds(config, ends), ...found, pad: found.pad ?? found.eos ?? found.unk ?? 0 };
}

/** A post-processor's start and separator, unless the configuration has a word about them. */
function sequenceEnds(
  config: SpecialIdsCall['config'],
  ends: SpecialIdsCall['ends'],
): Omit<Partial<SpecialIds>, 'pad'> {
  return {
    ...(ends !== undefined && config.cls_token === undefined ? { cls: ends.cls } : {}),
    ...(ends !== undefined && config.sep_token === undefined ? { sep: ends.sep } : {}),
  };
}

/**
 * A token for places that hold no text: those whose embedding is replaced, and what a causal model is to predict, which
 * it does not read. The unknown token where there is one, else padding.
 */
export function placeholderId({ specialIds }: Pick<Tokenizer, 'specialIds'>): number {
  return specialIds.unk ?? specialIds.pad;
}

/**
 * A special token's id where one is needed.
 *
 * @param need  what asks for it, e.g. "a cloze"
 * @throws ConfigError when the tokenizer has none
 */
export function requireSpecialId({ specialIds }: Pick<Tokenizer, 'specialIds'>, kind: Kind, need: string): number {
  const id = specialIds[kind];
  if (id !== undefined) return id;
  throw new ConfigError(
    `${need} needs a ${kind} token, and this tokenizer has ${Object.keys(specialIds).join(', ')} alone; ` +
      `take a model whose vocabulary has one${kind === 'mask' ? ', or the formulation "head"' : ''}, ` +
      `or name it as ${kind}_token in tokenizer_config.json`,
  );
}
