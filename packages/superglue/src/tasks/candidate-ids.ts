import type { Tokenizer } from '@attune/core';

/** Tokens that spell a candidate at its masks; never empty, since a candidate without masks would always win. */
export function candidateIds(text: string, tokenizer: Tokenizer): readonly number[] {
  const ids = tokenizer.encode(text);
  return ids.length > 0 ? ids : [tokenizer.specialIds.unk];
}
