/** Consecutive tokens of a sequence that are kept or shortened together. */
export interface Part {
  readonly ids: readonly number[];
  readonly shorten?: 'start' | 'end';
}

/**
 * Drops tokens from shortenable parts, always one of the currently longest (the later one on ties), until `excess`
 * tokens are gone. Everything else stays whole.
 *
 * @returns undefined when the shortenable parts have fewer than `excess` tokens
 */
export function shortenParts<P extends Part>(parts: readonly P[], excess: number): P[] | undefined {
  const lengths = parts.map((part) => (part.shorten === undefined ? 0 : part.ids.length));
  for (let dropped = 0; dropped < excess; dropped++) {
    const longest = lengths.reduce((best, length, index) => (length >= lengths[best]! ? index : best), 0);
    if (lengths[longest]! === 0) return undefined;
    lengths[longest]! -= 1;
  }
  return parts.map((part, index) => {
    if (part.shorten === undefined) return part;
    const kept = lengths[index]!;
    return { ...part, ids: part.shorten === 'end' ? part.ids.slice(0, kept) : part.ids.slice(part.ids.length - kept) };
  });
}
