import { ConfigError, type EncodedSequence } from '@attune/core';
import { layOut, type RenderCall, type RenderedPart } from './lay-out-template.ts';
import { shortenParts } from './shorten-parts.ts';

/**
 * A row's texts in a template, between the special tokens of the tokenizer's layout: for BERT `[CLS] first segment
 * [SEP]`, then `second segment [SEP]` if there is a boundary; a family without special tokens runs both together.
 * Pseudo tokens stand in the template's slots, or right before the first text in a template without slots; their ids
 * are the unknown token's, which a method replaces by its own embeddings. Too long inputs lose tokens of the longest
 * shortenable field first; pattern, masks and pseudo tokens are never cut.
 *
 * @throws ConfigError when the template names a field the row lacks or has a mask that the vocabulary lacks, or the
 *   fixed parts alone exceed `maxLength`
 */
export function renderTemplate(call: RenderCall): EncodedSequence {
  const parts = layOut(call);
  const length = parts.reduce((sum, part) => sum + part.ids.length, 0);
  const shortened = shortenParts(parts, length - call.maxLength);
  if (shortened === undefined) {
    const fixed = parts.reduce((sum, part) => sum + (part.shorten === undefined ? part.ids.length : 0), 0);
    throw new ConfigError(
      `template "${call.template.source}": maxLength ${call.maxLength} is too small; ` +
        `pattern, masks, pseudo tokens and whole fields take ${fixed} tokens; give at least that`,
    );
  }
  return flatten(shortened);
}

function flatten(parts: readonly RenderedPart[]): EncodedSequence {
  const inputIds: number[] = [];
  const tokenTypeIds: number[] = [];
  const maskPositions: number[] = [];
  const virtualTokenPositions: number[] = [];
  for (const part of parts) {
    for (const id of part.ids) {
      if (part.kind === 'mask') maskPositions.push(inputIds.length);
      if (part.kind === 'virtual') virtualTokenPositions.push(inputIds.length);
      inputIds.push(id);
      tokenTypeIds.push(part.tokenType);
    }
  }
  return { inputIds, tokenTypeIds, maskPositions, virtualTokenPositions };
}
