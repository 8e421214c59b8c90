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
  const lead = /^[^\p{L}\p{N}]*/u.exec(word)![0].length;
  const text = word.slice(lead).replace(/[^\p{L}\p{N}]+$/u, '');
  return { text, start: offset + lead, end: offset + lead + text.length };
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function nearestOccurrence(text: string, wanted: readonly string[], near: number): Span | undefined {
  const body = wanted.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('[^\\p{L}\\p{N}]+');
  const whole = new RegExp(`(?<![\\p{L}\\p{N}])${body}(?![\\p{L}\\p{N}])`, 'giu');
  const spans = [...text.matchAll(whole)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  return spans.sort((a, b) => Math.abs(a.start - near) - Math.abs(b.start - near) || a.start - b.start)[0];
}

/** A text without the ASCII punctuation at its end, as PET prepares texts that a pattern continues. */
export function withoutFinalPunctuation(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]+$/, '');
}

/** A text whose first letter is in lower case, so that it can stand inside a sentence. */
export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
