/**
 * The official files count characters as Python does, in code points; JavaScript's strings count UTF-16 units, of which
 * a character outside the basic plane has two.
 */
export function codePointLength(text: string): number {
  return hasPairs.test(text) ? [...text].length : text.length;
}

/** The code points [start, end) of a text. */
export function codePointSlice(text: string, start: number, end: number): string {
  return hasPairs.test(text) ? [...text].slice(start, end).join('') : text.slice(start, end);
}

const hasPairs = /[\ud800-\udbff][\udc00-\udfff]/;

/** Part of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Where a span stands in a text, given the position of its first word among the whitespace-separated words. WSC's
 * indices and span texts do not always agree, so words are compared without case and surrounding punctuation, at the
 * index, then one later, then one earlier; else the nearest occurrence in the text is taken.
 *
 * @returns character offsets without attached punctuation; undefined when the text does not contain the span
 */
export function locateSpan(text: string, span: string, wordIndex: number): Span | undefined {
  const words = [...text.matchAll(/\S+/g)].map((match) => withoutPunctuation(match[0], match.index));
  const wanted = [...span.matchAll(/\S+/g)].map((match) => withoutPunctuation(match[0], 0).text);
  if (wanted.length === 0) return undefined;
  for (const index of [wordIndex, wordIndex + 1, wordIndex - 1]) {
    const found = words.slice(Math.max(0, index), index + wanted.length);
    if (found.length === wanted.length && found.every((word, at) => isSame(word.text, wanted[at]!))) {
      return { start: found[0]!.start, end: found.at(-1)!.end };
    }
  }
  return nearestOccurrence(text, wanted, words[wordIndex]?.start ?? text.length);
}

interface Word extends Span {
  readonly text: string;
}

function withoutPunctuation(word: string, offset: number): Word {
  const runs = alphanumericRuns(word);
  // Only punctuation: nothing is left, where it ends.
  const [start, end] = [runs[0]?.start ?? word.length, runs.at(-1)?.end ?? word.length];
  return { text: word.slice(start, end), start: offset + start, end: offset + end };
}

/** Letters and digits that stand together. */
function alphanumericRuns(text: string): Span[] {
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ 0: run, index }) => ({ start: index, end: index + run.length }));
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Of the words one after another, whatever stands between them; what stands inside of one must be the same. */
function nearestOccurrence(text: string, wanted: readonly string[], near: number): Span | undefined {
  const parts = wanted.flatMap((word) =>
    alphanumericRuns(word).map(({ start, end }, index, runs) => ({
      run: word.slice(start, end),
      before: index === 0 ? undefined : word.slice(runs[index - 1]!.end, start),
    })),
  );
  if (parts.length === 0) return undefined;
  const runs = alphanumericRuns(text);
  const isThere = (first: number) =>
    parts.every(({ before }, index) => {
      const at = first + index;
      return before === undefined || text.slice(runs[at - 1]!.end, runs[at]!.start) === before;
    });
  const own = runs.map(({ start, end }) => text.slice(start, end));
  const spans = occurrences(
    own,
    parts.map(({ run }) => run),
  )
    .filter(isThere)
    .map((first) => ({ start: runs[first]!.start, end: runs[first + parts.length - 1]!.end }));
  return spans.sort((a, b) => Math.abs(a.start - near) - Math.abs(b.start - near) || a.start - b.start)[0];
}

/** Where in a list of words others stand one after another, without regard to case. */
function occurrences(words: readonly string[], wanted: readonly string[]): number[] {
  // As texts, since searching a text is fast for long spans, too.
  const joined = (list: readonly string[]) => `\n${list.map((word) => word.toLowerCase()).join('\n')}\n`;
  const [text, sought] = [joined(words), joined(wanted)];
  const found: number[] = [];
  let [index, place] = [0, 0];
  for (let next = text.indexOf(sought); next >= 0; next = text.indexOf(sought, next + 1)) {
    for (; place < next; place = text.indexOf('\n', place + 1)) index += 1;
    found.push(index);
  }
  return found;
}

/** A text without the ASCII punctuation at its end, as PET prepares texts that a pattern continues. */
export function withoutFinalPunctuation(text: string): string {
  let end = text.length;
  while (end > 0 && /[!-/:-@[-`{-~]/.test(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}

/** A text whose first letter is in lower case, so that it can stand inside a sentence. */
export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
