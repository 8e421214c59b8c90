import { ConfigError, parseJson } from '@attune/base';
import { byteLevelTokenizerJson } from './byte-level-json.ts';
import { vocabularySchema } from './model-schema.ts';
import { checkTokenizerConfig, type TokenizerConfig } from './tokenizer-config.ts';
import { checkSchema } from './tokenizer-json.ts';
import { bertNames, type SpecialNames, wordPieceTokenizerJson } from './word-piece.ts';

/** Files that a tokenizer is made of where there is no tokenizer.json: WordPiece, byte-level byte-pair encoding. */
export const vocabularyFileSets = [['vocab.txt'], ['vocab.json', 'merges.txt']] as const;

/** Contents of vocabulary files, by name. */
export type VocabularyFiles = Readonly<Partial<Record<(typeof vocabularyFileSets)[number][number], Uint8Array>>>;

/** The files that a tokenizer.json is made from. */
export interface VocabularyFilesCall {
  /** Content of vocab.txt, or of vocab.json and merges.txt. */
  readonly files: VocabularyFiles;
  /** Parsed tokenizer_config.json. */
  readonly config?: unknown;
  /** Parsed special_tokens_map.json; its names go before. */
  readonly specialTokensMap?: unknown;
  /** Turns a file's name into what messages call it. */
  readonly where: (name: string) => string;
}

/**
 * The content of the tokenizer.json that older directories' vocabularies stand for. Where tokenizer_config.json does
 * not say whether texts are lower-cased they are unless the vocabulary has capitals.
 *
 * @throws ConfigError naming the file and what is wrong with it
 */
export function vocabularyTokenizerJson(call: VocabularyFilesCall): object {
  const { files, config = {}, specialTokensMap = {}, where } = call;
  const own = checkTokenizerConfig(config, where('tokenizer_config.json'));
  const map = checkTokenizerConfig(specialTokensMap, where('special_tokens_map.json'));
  const settings = own.added_tokens_decoder == null ? { ...own, ...map } : own;
  const { 'vocab.txt': words, 'vocab.json': vocab, 'merges.txt': merges } = files;
  if (words !== undefined) return wordPiece(words, settings, where('vocab.txt'));
  if (vocab === undefined || merges === undefined) {
    throw new ConfigError(`${where('vocab.json')}: expected vocab.json with merges.txt, or vocab.txt`);
  }
  return byteLevelTokenizerJson({
    vocab: Object.fromEntries(
      checkSchema(vocabularySchema, parseJson(vocab, where('vocab.json')), where('vocab.json')),
    ),
    merges: mergeLines(merges, where('merges.txt')),
    addPrefixSpace: settings.add_prefix_space ?? false,
    ends: {
      ...(settings.add_bos_token === true ? { start: settings.bos_token ?? '<|endoftext|>' } : {}),
      ...(settings.add_eos_token === true ? { end: settings.eos_token ?? '<|endoftext|>' } : {}),
    },
  });
}

function wordPiece(bytes: Uint8Array, settings: TokenizerConfig, where: string): object {
  const words = readLines(bytes, where);
  const names = Object.fromEntries(
    Object.entries(bertNames).map(([kind, usual]) => [kind, settings[`${kind as keyof SpecialNames}_token`] ?? usual]),
  ) as unknown as SpecialNames;
  const known = new Set(words);
  const missing = Object.values(names).filter((name) => !known.has(name));
  if (missing.length > 0) {
    throw new ConfigError(
      `${where}: its ${words.length} lines lack ${missing.join(', ')}; name the ones it has in tokenizer_config.json`,
    );
  }
  if (known.size < words.length) {
    const line = words.findIndex((word, index) => words.indexOf(word) !== index);
    throw new ConfigError(`${where}: line ${line + 1}: ${JSON.stringify(words[line])} occurs more than once`);
  }
  const special = new Set(Object.values(names));
  const hasCapitals = words.some(
    (word) => !special.has(word) && !/^\[unused\d+\]$/.test(word) && word !== word.toLowerCase(),
  );
  const { do_lower_case: lowercase, strip_accents: accents, tokenize_chinese_chars: ideographs } = settings;
  return wordPieceTokenizerJson(words, {
    names,
    lowercase: lowercase ?? !hasCapitals,
    stripAccents: accents ?? null,
    splitIdeographs: ideographs ?? true,
  });
}

function mergeLines(bytes: Uint8Array, where: string): string[] {
  const merges = readLines(bytes, where);
  const first = merges[0]?.startsWith('#version') ? 1 : 0;
  const wrong = merges.findIndex((merge, index) => index >= first && !/^[^ ]+ [^ ]+$/.test(merge));
  if (wrong < 0) return merges.slice(first);
  const given = JSON.stringify(merges[wrong]!.slice(0, 60));
  throw new ConfigError(`${where}: line ${wrong + 1}: expected two tokens with a space between, got ${given}`);
}

/** Lines as Python reads them, without the end of the last. @throws ConfigError when the file is not UTF-8 */
function readLines(bytes: Uint8Array, where: string): string[] {
  try {
    const all = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r\n|\n|\r/);
    return all.at(-1) === '' ? all.slice(0, -1) : all;
  } catch (error) {
    throw new ConfigError(`${where}: not UTF-8 text: ${(error as Error).message}`, { cause: error });
  }
}
