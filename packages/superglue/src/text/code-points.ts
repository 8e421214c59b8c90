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
