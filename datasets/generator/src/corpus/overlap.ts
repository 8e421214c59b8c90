/** Texts that together make a task row. */
export type RowParts = readonly string[];

/** Letters and digits only, in lower case. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}0-9]+/gu, ' ')
    .trim();
}

/** One key for rows that differ in nothing but punctuation and case. */
export const rowKey = (parts: RowParts): string => parts.map(bare).join(' | ');

/**
 * A test of lines: whether one has all parts of a task row, in any order. Rows are found by that word of theirs which
 * the fewest rows have.
 */
export function createOverlapTest(rows: readonly RowParts[]): (line: string) => boolean {
  const bareRows = rows.map((parts) => parts.map(bare));
  const wordsOf = (parts: readonly string[]): string[] => parts.join(' ').split(' ');
  const counts = new Map<string, number>();
  for (const parts of bareRows)
    for (const word of new Set(wordsOf(parts))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const byWord = new Map<string, (readonly string[])[]>();
  for (const parts of bareRows) {
    const rarest = wordsOf(parts).reduce((best, word) => (counts.get(word)! < counts.get(best)! ? word : best));
    byWord.set(rarest, [...(byWord.get(rarest) ?? []), parts]);
  }
  return (line) => {
    const text = ` ${bare(line)} `;
    const has = (part: string): boolean => text.includes(` ${part} `);
    return text.split(' ').some((word) => byWord.get(word)?.some((parts) => parts.every(has)));
  };
}
