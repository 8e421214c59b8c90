import type { AlignedText } from './aligned-text.ts';

/** A stretch of characters that a pattern matches, or one between matches; together they cover a text in order. */
export interface Segment {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly isMatch: boolean;
}

/** What is looked for: a regular expression with the flags g and u, or a property of single characters. */
export type Pattern = RegExp | ((char: string) => boolean);

/** Matches of a pattern and what is between them, as character positions. */
export function findSegments(text: AlignedText, pattern: Pattern): Segment[] {
  const matches = pattern instanceof RegExp ? regexMatches(text, pattern) : characterMatches(text, pattern);
  const segments: Segment[] = [];
  let covered = 0;
  for (const [start, end] of matches) {
    if (covered < start) segments.push({ start: covered, end: start, isMatch: false });
    segments.push({ start, end, isMatch: true });
    covered = end;
  }
  if (covered < text.chars.length) segments.push({ start: covered, end: text.chars.length, isMatch: false });
  return segments;
}

function regexMatches({ chars }: AlignedText, pattern: RegExp): [number, number][] {
  const joined = chars.join('');
  const spans = [...joined.matchAll(pattern)].map((match): [number, number] => [
    match.index,
    match.index + match[0].length,
  ]);
  if (joined.length === chars.length) return spans;
  const positions = characterPositions(chars, joined.length);
  return spans.map(([start, end]) => [positions[start]!, positions[end]!]);
}

/** For each UTF-16 unit of the joined characters, and for the end, the character it belongs to. */
function characterPositions(chars: readonly string[], length: number): Uint32Array {
  const positions = new Uint32Array(length + 1).fill(chars.length, length);
  let unit = 0;
  chars.forEach((char, index) => {
    positions.fill(index, unit, unit + char.length);
    unit += char.length;
  });
  return positions;
}

function characterMatches({ chars }: AlignedText, isWanted: (char: string) => boolean): [number, number][] {
  return chars.flatMap((char, index): [number, number][] => (isWanted(char) ? [[index, index + 1]] : []));
}
