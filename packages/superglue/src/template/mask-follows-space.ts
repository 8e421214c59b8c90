import type { Tokenizer } from '@attune/core';
import type { Template } from './parse-template.ts';

/**
 * Whether what fills a template's masks stands after a space: a byte-level vocabulary has other tokens there than at the
 * start of a segment. Pseudo tokens count as nothing, and so does a boundary that the family has no token for.
 */
export function maskFollowsSpace({ pieces }: Template, { layout, specialIds }: Tokenizer): boolean {
  let isStart = true;
  for (const piece of pieces) {
    if (piece.kind === 'mask') return !isStart && piece.glued === undefined;
    if (piece.kind === 'boundary') isStart ||= layout.pair.joiner.length > 0;
    else if (piece.kind === 'separator') isStart ||= specialIds.sep !== undefined;
    else if (piece.kind !== 'virtual') isStart = false;
  }
  return false;
}
