import {
  ConfigError,
  type EncodedSequence,
  type FormulateCall,
  placeholderId,
  requireSpecialId,
  type Tokenizer,
} from '@attune/core';
import type { Piece, Template } from './parse-template.ts';
import { type Part, shortenParts } from './shorten-parts.ts';
import { type SlotTable, spreadVirtualTokens } from './spread-virtual-tokens.ts';

export interface RenderCall {
  readonly template: Template;
  /** The row's texts by field name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly tokenizer: Tokenizer;
  /** A causal model does not read what it predicts, so its vocabulary needs no mask. */
  readonly languageModel?: FormulateCall<unknown>['languageModel'];
  readonly maxLength: number;
  readonly numVirtualTokens: number;
  readonly slots?: SlotTable;
  /** Masks at `[M*]`. */
  readonly numMasks?: number;
}

interface RenderedPart extends Part {
  readonly kind: 'plain' | 'mask' | 'virtual';
  readonly tokenType: 0 | 1;
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

function layOut(call: RenderCall): RenderedPart[] {
  const { template, tokenizer } = call;
  const { layout } = tokenizer;
  const { pieces, numSlots } = template;
  const ends = pieces.some(({ kind }) => kind === 'boundary') ? layout.pair : layout.single;
  const counts = [...spreadVirtualTokens(call.numVirtualTokens, Math.max(1, numSlots), call.slots)];
  const parts: RenderedPart[] = [{ kind: 'plain', ids: ends.prefix, tokenType: 0 }];
  if (numSlots === 0) parts.push(virtualPart(counts.shift()!, tokenizer, 0));
  let tokenType: 0 | 1 = 0;
  let isStart = true;
  for (const piece of pieces) {
    if (piece.kind === 'boundary') {
      parts.push({ kind: 'plain', ids: layout.pair.joiner, tokenType });
      tokenType = layout.secondTokenType;
      isStart ||= layout.pair.joiner.length > 0;
    } else if (piece.kind === 'virtual') {
      parts.push(virtualPart(counts.shift() ?? 0, tokenizer, tokenType));
    } else {
      const part = encodePiece(piece, call, !isStart && piece.glued === undefined);
      parts.push({ ...part, tokenType });
      isStart = part.ids.length === 0 ? isStart : piece.kind === 'separator';
    }
  }
  return [...parts, { kind: 'plain', ids: ends.suffix, tokenType }];
}

function virtualPart(count: number, tokenizer: Tokenizer, tokenType: 0 | 1): RenderedPart {
  return { kind: 'virtual', ids: new Array<number>(count).fill(placeholderId(tokenizer)), tokenType };
}

function encodePiece(
  piece: Exclude<Piece, { kind: 'boundary' | 'virtual' }>,
  call: RenderCall,
  afterSpace: boolean,
): Omit<RenderedPart, 'tokenType'> {
  const { template, fields, tokenizer, numMasks } = call;
  switch (piece.kind) {
    case 'text':
      return { kind: 'plain', ids: tokenizer.encode(piece.text.trim(), { afterSpace }) };
    case 'separator':
      return { kind: 'plain', ids: tokenizer.specialIds.sep === undefined ? [] : [tokenizer.specialIds.sep] };
    case 'mask': {
      const count = piece.many ? (numMasks ?? 1) : 1;
      return { kind: 'mask', ids: new Array<number>(count).fill(maskId(call)) };
    }
    case 'field': {
      const text = fields[piece.name];
      if (text === undefined) {
        const known = Object.keys(fields).join(', ');
        throw new ConfigError(`template "${template.source}": no field "${piece.name}"; known: ${known}`);
      }
      // A space at the end would be a token of its own in some vocabularies, and one at the start is the template's.
      const ids = tokenizer.encode(piece.glued ? text.trimEnd() : text.trim(), { afterSpace });
      return piece.shorten === undefined ? { kind: 'plain', ids } : { kind: 'plain', ids, shorten: piece.shorten };
    }
    default:
      return piece satisfies never;
  }
}

/** @throws ConfigError where a masked language model's vocabulary has none */
function maskId({ tokenizer, template, languageModel }: RenderCall): number {
  if (languageModel === 'causal') return tokenizer.specialIds.mask ?? placeholderId(tokenizer);
  return requireSpecialId(tokenizer, 'mask', `template "${template.source}"`);
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
