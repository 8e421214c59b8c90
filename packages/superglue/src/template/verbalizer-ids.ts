import { ConfigError, type Tokenizer } from '@attune/core';

/**
 * Token ids of each label's words. The tokenizer's own normaliser decides about case, so "Yes" fits a lower-cased
 * vocabulary that holds "yes".
 *
 * @param words       [numLabels], several words per label allowed
 * @param afterSpace  whether the mask that they fill follows a space, see `maskFollowsSpace`
 * @throws ConfigError naming every word that is not exactly one ordinary token
 */
export function verbalizerIds(
  words: readonly (readonly string[])[],
  tokenizer: Tokenizer,
  { where, afterSpace }: { readonly where: string; readonly afterSpace: boolean },
): number[][] {
  const problems: string[] = [];
  const special = new Set(Object.values(tokenizer.specialIds));
  const ids = words.map((own) =>
    own.map((word) => {
      const encoded = tokenizer.encode(word, { afterSpace });
      const id = encoded[0];
      if (encoded.length === 1 && id !== undefined && !special.has(id)) return id;
      const what = encoded.length === 1 ? 'is unknown or special' : `becomes ${encoded.length} tokens`;
      problems.push(`"${word}" ${what} in this vocabulary`);
      return -1;
    }),
  );
  if (problems.length > 0) {
    throw new ConfigError(
      `${where}: verbalizer word ${problems.join('; ')}; expected exactly one ordinary token; choose another pattern`,
    );
  }
  return ids;
}
