import { placeholderId, type Tokenizer } from '@attune/core';
import { maskFollowsSpace } from '../template/mask-follows-space.ts';
import type { Template } from '../template/parse-template.ts';

/**
 * Tokens that spell a candidate at its masks; never empty, since a candidate without masks would always win.
 *
 * @param template  where the masks are, which decides about the space before the candidate
 */
export function candidateIds(text: string, tokenizer: Tokenizer, template: Template): readonly number[] {
  const ids = tokenizer.encode(text, { afterSpace: maskFollowsSpace(template, tokenizer) });
  return ids.length > 0 ? ids : [placeholderId(tokenizer)];
}
