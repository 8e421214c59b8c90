import { type AlignedText, sliceText } from './aligned-text.ts';
import { findSegments, type Pattern, type Segment } from './find-segments.ts';

/** What becomes of the characters that a split is made at. */
export type SplitBehavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

export interface SplitCall {
  readonly pattern: Pattern;
  readonly behavior: SplitBehavior;
  /** Splits at what the pattern does not match. */
  readonly invert?: boolean;
}

/** A text cut at a pattern's matches, in order, without empty pieces. */
export function splitText(text: AlignedText, { pattern, behavior, invert = false }: SplitCall): AlignedText[] {
  const segments = findSegments(text, pattern).map((segment) => ({ ...segment, isMatch: segment.isMatch !== invert }));
  return merged(segments, behavior)
    .filter(({ start, end }) => start < end)
    .map(({ start, end }) => sliceText(text, start, end));
}

function merged(segments: readonly Segment[], behavior: SplitBehavior): Segment[] {
  if (behavior === 'Isolated') return [...segments];
  if (behavior === 'Removed') return segments.filter(({ isMatch }) => !isMatch);
  const joins = (previous: Segment, next: Segment): boolean => {
    if (behavior === 'Contiguous') return previous.isMatch === next.isMatch;
    return behavior === 'MergedWithPrevious' ? next.isMatch && !previous.isMatch : previous.isMatch && !next.isMatch;
  };
  const result: Segment[] = [];
  let previous: Segment | undefined;
  for (const segment of segments) {
    const last = result.at(-1);
    if (previous !== undefined && last !== undefined && joins(previous, segment)) {
      result[result.length - 1] = { ...last, end: segment.end };
    } else {
      result.push(segment);
    }
    previous = segment;
  }
  return result;
}
