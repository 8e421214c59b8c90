import { ConfigError } from '@attune/base';
import type { EncodedSequence, FormulateCall } from '@attune/core';
import type { Tokenizer } from '@attune/tokenizer';
import { layOut, type RenderCall, type RenderedPart, shortenParts } from './lay-out-template.ts';
import type { Template } from './parse-template.ts';
import type { Pattern } from './pattern.ts';

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

/** The same tokenizer, remembering what it encoded: candidates of one passage share all their texts but one. */
function cachingTokenizer(tokenizer: Tokenizer): Tokenizer {
  const encoded = new Map<string, number[]>();
  return {
    vocabSize: tokenizer.vocabSize,
    specialIds: tokenizer.specialIds,
    paddingSide: tokenizer.paddingSide,
    layout: tokenizer.layout,
    decode: (ids) => tokenizer.decode(ids),
    tokenToId: (token) => tokenizer.tokenToId(token),
    encode: (text, options) => {
      const key = `${Number(options?.afterSpace ?? false)}${text}`;
      const ids = encoded.get(key) ?? tokenizer.encode(text, options);
      encoded.set(key, ids);
      return ids;
    },
  };
}

/** Renders one row's fields; `numMasks` is for `[M*]`. */
type Renderer = (fields: Readonly<Record<string, string>>, numMasks?: number) => EncodedSequence;

/** A renderer with everything that is the same for all rows of a call. */
export function rendererOf<Row>(call: FormulateCall<Row>, { template, slots }: Pattern): Renderer {
  const { maxLength, numVirtualTokens, languageModel } = call;
  const tokenizer = cachingTokenizer(call.tokenizer);
  return (fields, numMasks) =>
    renderTemplate({
      template,
      fields,
      tokenizer,
      maxLength,
      numVirtualTokens,
      ...(languageModel === undefined ? {} : { languageModel }),
      ...(slots === undefined ? {} : { slots }),
      ...(numMasks === undefined ? {} : { numMasks }),
    });
}

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
