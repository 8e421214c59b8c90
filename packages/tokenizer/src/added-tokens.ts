import { ConfigError } from '@attune/base';
import type { TokenizerConfig, WrittenToken } from './tokenizer-config.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

type AddedToken = TokenizerJson['added_tokens'][number];

/** Where tokens beside the model's own are named. */
interface AddedTokensCall {
  /** tokenizer.json's. */
  readonly own: readonly AddedToken[];
  /** The model's tokens. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly config: TokenizerConfig;
  /** added_tokens.json's. */
  readonly addedTokens: ReadonlyMap<string, number>;
  readonly where: string;
}

const tokenKinds = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'] as const;

/**
 * tokenizer.json's added tokens with those of `added_tokens_decoder` or, where tokenizer_config.json has none, of
 * added_tokens.json; and special tokens that are only named. A token that is known keeps its id and takes the flags
 * that are written; a new one gets the next id, which must be the one that is written.
 *
 * @throws ConfigError for tokens whose ids are others than the reference library gives them
 */
export function mergeAddedTokens(call: AddedTokensCall): AddedToken[] {
  const { own, vocabulary, where } = call;
  const added = new Map(own.map((token) => [token.content, token]));
  const problems: string[] = [];
  for (const { id: written, file, ...token } of declaredTokens(call)) {
    const id = added.get(token.content)?.id ?? vocabulary.get(token.content) ?? nextId(added, vocabulary);
    if (written !== undefined && written !== id) {
      problems.push(`${file}: ${token.content} has the id ${written}, the tokenizer gives it ${id}`);
    }
    added.set(token.content, { ...token, id });
  }
  for (const content of namedTokens(call.config)) {
    const id = vocabulary.get(content);
    if (!added.has(content) && id !== undefined) added.set(content, { ...withFlags({ content, special: true }), id });
  }
  if (problems.length > 0) {
    const them = problems.map((problem) => `  ${problem}`).join('\n');
    throw new ConfigError(`${where}: added tokens that do not fit the vocabulary\n${them}`);
  }
  return [...added.values()].sort((a, b) => a.id - b.id);
}

function nextId(added: ReadonlyMap<string, AddedToken>, vocabulary: ReadonlyMap<string, number>): number {
  const highest = [...added.values()].reduce((most, { id }) => Math.max(most, id), -1);
  return Math.max(highest + 1, vocabulary.size);
}

type DeclaredToken = Omit<AddedToken, 'id'> & { readonly id?: number; readonly file?: string };

/** Tokens that the files beside tokenizer.json declare, in the order in which the reference library adds them. */
function declaredTokens({ own, config, addedTokens }: AddedTokensCall): DeclaredToken[] {
  const decoder = Object.entries(config.added_tokens_decoder ?? {}).map(([id, token]) => ({
    ...withFlags(token),
    id: Number(id),
    file: 'added_tokens_decoder',
  }));
  const named = new Set(namedTokens(config));
  const known = new Set(own.map(({ content }) => content));
  const legacy = [...addedTokens].flatMap(([content, id]) =>
    known.has(content)
      ? []
      : [{ ...withFlags({ content, special: named.has(content) }), id, file: 'added_tokens.json' }],
  );
  const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
  const extra = extraTokens(config).map(withFlags);
  const listed = (config.added_tokens_decoder == null ? legacy : decoder).sort(byId);
  const contents = new Set([...known, ...listed.map(({ content }) => content)]);
  return [...listed, ...extra.filter(({ content }) => !contents.has(content))];
}

function extraTokens(config: TokenizerConfig): readonly WrittenToken[] {
  const { extra_special_tokens: extra, additional_special_tokens: additional } = config;
  return (extra ?? []).length > 0 ? extra! : (additional ?? []);
}

function namedTokens(config: TokenizerConfig): string[] {
  return [
    ...tokenKinds.flatMap((kind) => config[`${kind}_token`] ?? []),
    ...extraTokens(config).map(({ content }) => content),
  ];
}

function withFlags(token: WrittenToken): Omit<AddedToken, 'id'> {
  const {
    content,
    single_word = false,
    lstrip = false,
    rstrip = false,
    special = false,
    normalized,
  } = token as Partial<Omit<AddedToken, 'id'>> & { content: string };
  return { content, single_word, lstrip, rstrip, special, normalized: normalized ?? !special };
}
