import type { Finder, Span } from './patterns/find-matches.ts';
import type { CodePointSet } from './unicode/code-point-set.ts';

/** A part of a text on its way to words. */
export interface Piece {
  readonly text: string;
  /** Whether the text that is encoded begins with it. */
  readonly isFirst: boolean;
}

/** What becomes of matches: they go, stand alone, join a neighbour, or join each other. */
export type SplitBehavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

interface Part {
  start: number;
  end: number;
  readonly isMatch: boolean;
}

/** A piece cut at a pattern's matches, as the reference library does it; nothing empty is left. */
export function splitPiece(piece: Piece, find: Finder, behavior: SplitBehavior, invert = false): Piece[] {
  const matches = find(piece.text);
  const isWhole =
    matches.length === 0 || (matches.length === 1 && matches[0]![1] - matches[0]![0] === piece.text.length);
  if (isWhole) return piece.text === '' || (behavior === 'Removed' && (matches.length === 1) !== invert) ? [] : [piece];
  const parts = partsOf(piece.text, matches, invert);
  return joined(parts, behavior).flatMap(({ start, end }) =>
    start === end ? [] : [{ text: piece.text.slice(start, end), isFirst: piece.isFirst && start === 0 }],
  );
}

/** Matches and what is between them, in order. */
function partsOf(text: string, matches: readonly Span[], invert: boolean): Part[] {
  const parts: Part[] = [];
  let last = 0;
  for (const [start, end] of matches) {
    if (last !== start) parts.push({ start: last, end: start, isMatch: invert });
    parts.push({ start, end, isMatch: !invert });
    last = end;
  }
  if (last !== text.length) parts.push({ start: last, end: text.length, isMatch: invert });
  return parts;
}

function joined(parts: readonly Part[], behavior: SplitBehavior): readonly Part[] {
  switch (behavior) {
    case 'Isolated':
      return parts;
    case 'Removed':
      return parts.filter(({ isMatch }) => !isMatch);
    case 'MergedWithPrevious':
      return fold(parts, (previous, part) => part.isMatch && previous?.isMatch !== true);
    case 'MergedWithNext':
      return fold([...parts].reverse(), (previous, part) => part.isMatch && previous?.isMatch !== true).reverse();
    case 'Contiguous':
      return fold(parts, (previous, part) => part.isMatch === (previous?.isMatch ?? false));
    default:
      return behavior satisfies never;
  }
}

/** Joins a part to the one before it where `joins` says so of the two. */
function fold(parts: readonly Part[], joins: (previous: Part | undefined, part: Part) => boolean): Part[] {
  const made: Part[] = [];
  let previous: Part | undefined;
  for (const part of parts) {
    const last = made.at(-1);
    if (last !== undefined && joins(previous, part)) {
      last.start = Math.min(last.start, part.start);
      last.end = Math.max(last.end, part.end);
    } else made.push({ ...part });
    previous = part;
  }
  return made;
}

/** Finds each character of a set by itself. */
export function characterFinder(set: CodePointSet): Finder {
  return (text) => {
    const found: Span[] = [];
    let at = 0;
    for (const char of text) {
      if (set.has(char.codePointAt(0)!)) found.push([at, at + char.length]);
      at += char.length;
    }
    return found;
  };
}

/** Finds the longest runs of characters of a set. */
export function runFinder(set: CodePointSet): Finder {
  const find = characterFinder(set);
  return (text) => {
    const runs: [number, number][] = [];
    for (const [start, end] of find(text)) {
      const last = runs.at(-1);
      if (last?.[1] === start) last[1] = end;
      else runs.push([start, end]);
    }
    return runs;
  };
}
