import { mergeAddedTokens } from './added-tokens.ts';
import { tokenizerClass } from './tokenizer-classes.ts';
import { checkAddedTokens, checkTokenizerConfig, type TokenizerConfig } from './tokenizer-config.ts';
import { checkSchema, modelVocabulary, type TokenizerJson, tokenizerJsonSchema, usable } from './tokenizer-json.ts';

/** The parsed content of a tokenizer's files. */
export interface TokenizerFiles {
  /** tokenizer.json */
  readonly tokenizer: unknown;
  /** tokenizer_config.json: the class, special tokens' names, added tokens, settings. */
  readonly config?: unknown;
  /** special_tokens_map.json; counts where tokenizer_config.json has no `added_tokens_decoder`, and goes before its names. */
  readonly specialTokensMap?: unknown;
  /** added_tokens.json, ids by token; counts where tokenizer_config.json has no `added_tokens_decoder`. */
  readonly addedTokens?: unknown;
  /** `model_type` of config.json: says the class where tokenizer_config.json has settings and no class. */
  readonly modelType?: string;
  /** Where the files are, for messages. */
  readonly where?: string;
}

/**
 * The tokenizer.json and tokenizer_config.json that all files of a tokenizer together stand for, as transformers 5
 * reads them: `tokenizer_class` builds its own parts from its settings (Hugging Face calls them slow or fast, it is one
 * class now), and added tokens and names of special tokens come from wherever they are written. The result says all in
 * tokenizer.json and names and sides in the configuration, so that every version reads it alike.
 *
 * @throws ConfigError naming what is wrong with the files, or what of them is not supported
 */
export function resolveTokenizerFiles(files: TokenizerFiles): {
  readonly tokenizer: object;
  readonly config?: object;
} {
  const { config } = files;
  const { json, settings, isRebuilt, inputs, paddingSide } = readTokenizerFiles(files);
  const raw = files.tokenizer as { readonly model: object };
  const { normalizer, pre_tokenizer, post_processor, decoder } = json;
  const { vocab: _vocab, merges: _merges, ...model } = json.model as TokenizerJson['model'] & { merges?: unknown };
  const parts = isRebuilt ? { normalizer, pre_tokenizer, post_processor, decoder } : {};
  const tokenizer = {
    ...raw,
    added_tokens: json.added_tokens,
    ...parts,
    ...(isRebuilt ? { model: { ...raw.model, ...model } } : {}),
  };
  const names = { ...(config as object), ...(isLegacy(settings) ? (files.specialTokensMap as object) : {}) };
  if (config === undefined && Object.keys(names).length === 0) return { tokenizer };
  if (!isRebuilt) return { tokenizer, config: names };
  const { added_tokens_decoder: _, ...rest } = names as { added_tokens_decoder?: unknown };
  return {
    tokenizer,
    config: {
      model_input_names: inputs,
      ...rest,
      tokenizer_class: 'PreTrainedTokenizerFast',
      ...(paddingSide === undefined ? {} : { padding_side: paddingSide }),
    },
  };
}

/** All files as one tokenizer.json and its settings, checked. @throws ConfigError naming what is wrong with them */
export function readTokenizerFiles(files: TokenizerFiles) {
  const { tokenizer, config = {}, specialTokensMap = {}, addedTokens = {}, where = 'tokenizer.json' } = files;
  const own = checkTokenizerConfig(config, `${where} (tokenizer_config.json)`);
  const map = checkTokenizerConfig(specialTokensMap, `${where} (special_tokens_map.json)`);
  const settings = isLegacy(own) ? { ...own, ...map } : own;
  const added = isLegacy(own) ? checkAddedTokens(addedTokens, `${where} (added_tokens.json)`) : new Map();
  const json = checkSchema(tokenizerJsonSchema, tokenizer, where);
  return usable(where, () => {
    const found = tokenizerClass(json, settings, files.modelType);
    const tokens = {
      own: found !== undefined && !isLegacy(own) ? [] : json.added_tokens,
      vocabulary: modelVocabulary(json.model),
      config: settings,
      addedTokens: added,
      where,
    };
    const whole = { ...json, added_tokens: mergeAddedTokens(tokens) };
    const made = found === undefined ? whole : withParts(whole, found.rebuild(whole, settings), where);
    const shown = ({ model: { vocab: _, ...rest }, ...others }: TokenizerJson) => JSON.stringify({ ...others, rest });
    return {
      json: made,
      settings,
      isRebuilt: found !== undefined && (!isLegacy(own) || shown(made) !== shown(whole)),
      inputs: found?.inputs,
      paddingSide: settings.padding_side ?? json.padding?.direction ?? found?.paddingSide,
    };
  });
}

const partsSchema = tokenizerJsonSchema
  .pick({ normalizer: true, pre_tokenizer: true, post_processor: true, decoder: true })
  .partial();

/** A tokenizer.json with the parts that a class builds; the model's vocabulary stays. */
function withParts(json: TokenizerJson, parts: { readonly model: object }, where: string): TokenizerJson {
  const checked = Object.entries(checkSchema(partsSchema, parts, where)).filter(([key]) => key in parts);
  return {
    ...json,
    ...Object.fromEntries(checked),
    model: { ...json.model, ...parts.model } as TokenizerJson['model'],
  };
}

/** Whether the older files beside tokenizer_config.json count. */
const isLegacy = (config: TokenizerConfig) => config.added_tokens_decoder == null;
