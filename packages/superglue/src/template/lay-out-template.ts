import { ConfigError, type FormulateCall, placeholderId, requireSpecialId, type Tokenizer } from '@attune/core';
import type { Piece, Template } from './parse-template.ts';
import type { Part } from './shorten-parts.ts';
import { type SlotTable, spreadVirtualTokens } from './spread-virtual-tokens.ts';

/** A template, the row's texts for it, and what the sequence must hold. */
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

/** Tokens of one piece of a template, or between pieces. */
export interface RenderedPart extends Part {
  readonly kind: 'plain' | 'mask' | 'virtual';
  readonly tokenType: 0 | 1;
}

/**
 * A row's texts in a template as parts in order, nothing shortened yet; see `renderTemplate`.
 *
 * @throws ConfigError when the template names a field the row lacks or has a mask that the vocabulary lacks
 */
export function layOut(call: RenderCall): RenderedPart[] {
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
