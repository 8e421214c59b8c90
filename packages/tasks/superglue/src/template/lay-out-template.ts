import { ConfigError, ownValue } from '@attune/base';
import type { FormulateCall } from '@attune/core';
import { placeholderId, requireSpecialId, type Tokenizer } from '@attune/tokenizer';
import type { Piece, Template } from './parse-template.ts';

/** Pseudo tokens per slot in FewNLU's P-tuning patterns of RTE and BoolQ (fewnlu/tasks/superglue/pvp.py), by their total. */
export const rteSlots: SlotTable = {
  1: [0, 1],
  2: [1, 1],
  3: [1, 2],
  4: [2, 2],
  5: [2, 3],
  6: [3, 3],
  8: [4, 4],
  10: [5, 5],
};

/** Pseudo tokens per slot in FewNLU's pattern of COPA, by their total. */
export const copaSlots: SlotTable = { 1: [0, 1], 2: [2, 0], 3: [3, 0], 4: [0, 4], 5: [3, 2], 6: [3, 3] };

/** Pseudo tokens per slot in FewNLU's pattern of WSC, by their total. */
export const wscSlots: SlotTable = { 1: [1, 0], 2: [2, 0], 3: [3, 0], 4: [4, 0], 5: [3, 2], 6: [3, 3], 8: [4, 4] };

/** Pseudo tokens per slot in FewNLU's pattern of MultiRC, by their total. */
export const multircSlots: SlotTable = {
  1: [0, 0, 1],
  2: [0, 1, 1],
  3: [1, 1, 1],
  4: [1, 1, 2],
  5: [1, 2, 2],
  6: [2, 2, 2],
  9: [3, 3, 3],
};

/** Pseudo tokens per slot in FewNLU's pattern of WiC, by their total. */
export const wicSlots: SlotTable = { 1: [0, 1], 2: [1, 1], 4: [2, 2], 6: [3, 3], 8: [4, 4], 10: [5, 5] };

/** Pseudo tokens per slot, by their total: FewNLU numbers its patterns by that total. */
export type SlotTable = Readonly<Record<number, readonly number[]>>;

/**
 * How many pseudo tokens each slot of a pattern gets. Totals in the table are spread as FewNLU does; others as
 * evenly as possible, where later slots (nearer the mask) get the odd ones.
 */
export function spreadVirtualTokens(total: number, numSlots: number, table: SlotTable = {}): readonly number[] {
  const listed = table[total];
  if (listed !== undefined) return listed;
  const each = Math.floor(total / numSlots);
  const odd = total - each * numSlots;
  return Array.from({ length: numSlots }, (_, slot) => each + (slot >= numSlots - odd ? 1 : 0));
}

/** Consecutive tokens of a sequence that are kept or shortened together. */
interface Part {
  readonly ids: readonly number[];
  readonly shorten?: 'start' | 'end';
}

/**
 * Drops `excess` tokens from shortenable parts so that the longest kept part is as short as can be; everything else
 * stays whole. Of two texts this is the `longest_first` of Hugging Face's fast tokenizers: the shorter one (the first
 * on ties) keeps up to half of the room, rounded down, and the other one the rest.
 *
 * @returns undefined when the shortenable parts have fewer than `excess` tokens
 */
export function shortenParts<P extends Part>(parts: readonly P[], excess: number): P[] | undefined {
  if (excess <= 0) return [...parts];
  const shortFirst = parts.flatMap((part, index) => (part.shorten === undefined ? [] : [index]));
  shortFirst.sort((a, b) => parts[a]!.ids.length - parts[b]!.ids.length || a - b);
  let room = shortFirst.reduce((sum, index) => sum + parts[index]!.ids.length, -excess);
  if (room < 0) return undefined;
  const lengths = new Map<number, number>();
  shortFirst.forEach((index, place) => {
    const kept = Math.min(parts[index]!.ids.length, Math.floor(room / (shortFirst.length - place)));
    lengths.set(index, kept);
    room -= kept;
  });
  return parts.map((part, index) => {
    const kept = lengths.get(index) ?? part.ids.length;
    return {
      ...part,
      ids: part.shorten === 'start' ? part.ids.slice(part.ids.length - kept) : part.ids.slice(0, kept),
    };
  });
}

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
      parts.push(...joinerParts(layout));
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

function joinerParts({ pair }: Tokenizer['layout']): RenderedPart[] {
  return pair.joiner.map((id, index) => ({ kind: 'plain', ids: [id], tokenType: pair.joinerTokenTypes[index]! }));
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
      const text = ownValue(fields, piece.name);
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
