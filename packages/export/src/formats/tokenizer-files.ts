import { ConfigError } from '@attune/base';
import type { LoadedModel } from '@attune/checkpoints/node';
import type { Model } from '@attune/core';
import { paddingToken } from './padding-token.ts';

/** Text of the k-th pseudo token, from 0. */
export const virtualTokenText = (index: number) => `[P${index + 1}]`;

type ExportedParts = Pick<LoadedModel, 'tokenizer' | 'tokenizerFiles'> & {
  readonly model: Pick<Model, 'parameters' | 'languageModel' | 'family'>;
};

/**
 * The tokenizer's files, padding on the right, where positions count from the first token in every export, and with the
 * token that `paddingToken` says. One special token more for each pseudo token, `[P1]` and so on, lets a pattern be
 * written as text.
 *
 * @throws ConfigError when the vocabulary has such a token already
 */
export function exportedTokenizer(
  loaded: ExportedParts,
  numVirtualTokens: number,
): { readonly tokenizer: object; readonly config: object } {
  const { tokenizer, tokenizerFiles } = loaded;
  const json = tokenizerFiles.tokenizer as {
    readonly added_tokens?: readonly object[];
    readonly padding?: object | null;
  };
  const names = Array.from({ length: numVirtualTokens }, (_, index) => virtualTokenText(index));
  const taken = names.filter((name) => tokenizer.tokenToId(name) !== undefined);
  if (taken.length > 0) {
    throw new ConfigError(
      `tokenizer.json: has ${taken.join(', ')} already, the names that pseudo tokens get on export`,
    );
  }
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const added = names.map((content, index) => ({ id: tokenizer.vocabSize + index, content, ...flags }));
  const padding = paddingToken(loaded);
  return {
    tokenizer: {
      ...json,
      added_tokens: [...(json.added_tokens ?? []), ...added],
      ...(json.padding && {
        padding: {
          ...json.padding,
          direction: 'Right',
          ...(padding && { pad_id: padding.id, pad_token: padding.content }),
        },
      }),
    },
    config: {
      ...((tokenizerFiles.config as object | undefined) ?? tokenizerConfig(loaded)),
      ...(padding && { pad_token: padding.content }),
      padding_side: 'right',
    },
  };
}

/**
 * Some families have no table of token types, or one of a single row that another type is outside of, and GPT-2 of the
 * transformers library reads them as tokens.
 */
export function hasTokenTypes({ parameters }: Pick<Model, 'parameters'>): boolean {
  return parameters.some(({ name, shape }) => name.includes('token_type') && shape[0]! > 1);
}

/**
 * What a tokenizer_config.json that is absent stands for: the class that reads any tokenizer.json, its tokens, and
 * token types where the model reads them, which that class leaves out.
 */
function tokenizerConfig({ tokenizer, model }: ExportedParts): object {
  const names = Object.entries(tokenizer.specialIds).map(([kind, id]) => [`${kind}_token`, tokenizer.decode([id])]);
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    ...Object.fromEntries(names),
    ...(hasTokenTypes(model) ? { model_input_names: ['input_ids', 'token_type_ids', 'attention_mask'] } : {}),
  };
}
