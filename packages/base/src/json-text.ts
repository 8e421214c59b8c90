/** serde_json and Python's json, which the reference implementations read with, stop at 128 and at some 1,000 levels. */
const maxDepth = 1000;

/** Which keys an object may not have twice: all, or those whose values differ. */
export type RepeatedKeys = 'refused' | 'refused-if-different';

/**
 * The value of a JSON text that tells one story: `JSON.parse` takes the last of several values that one key has, without
 * a word.
 *
 * @throws Error saying that it is not JSON, that a key stands twice in one object, or that it is nested too deep to be
 *   printed or copied
 */
export function parseJsonText(text: string, repeatedKeys: RepeatedKeys = 'refused-if-different'): unknown {
  const value = JSON.parse(text) as unknown;
  checkJson(text, repeatedKeys);
  return value;
}

const codes = { quote: 0x22, comma: 0x2c, colon: 0x3a, backslash: 0x5c } as const;
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/** An object or a list that is open at some place of a text. */
interface Open {
  /** Where the values so far begin and end, by key; absent in a list. */
  readonly values?: Map<string, readonly [start: number, end: number]>;
  /** Of the value that is being read; in a list its place. */
  key: string | number;
  /** Where that value begins; -1 before the colon. */
  start: number;
}

/** Goes over a text that is JSON, once. @throws Error as `parseJsonText` does */
function checkJson(text: string, repeatedKeys: RepeatedKeys): void {
  const open: Open[] = [];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // Spaces, digits and letters between the structure: nothing to do.
    if (code === codes.quote) {
      const end = endOfString(text, index);
      const inner = open.at(-1);
      if (inner?.values !== undefined && inner.start < 0) inner.key = keyOf(text.slice(index + 1, end));
      index = end;
    } else if (code === codes.colon) open.at(-1)!.start = index + 1;
    else if (code === codes.comma) {
      closeValue({ text, end: index, open, repeatedKeys });
      beginNext(open.at(-1)!);
    } else if (code === openObject || code === openList) {
      open.push(code === openList ? { key: 0, start: index } : { values: new Map(), key: '', start: -1 });
      if (open.length > maxDepth) throw new Error(`nested more than ${maxDepth} levels deep`);
    } else if (code === closeObject || code === closeList) {
      closeValue({ text, end: index, open, repeatedKeys });
      open.pop();
    }
  }
}

/** The place of the quote that ends the string that begins here. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; ; index++) {
    const code = text.charCodeAt(index);
    if (code === codes.quote) return index;
    if (code === codes.backslash) index += 1;
  }
}

function keyOf(raw: string): string {
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}

function beginNext(inner: Open): void {
  if (inner.values === undefined) inner.key = Number(inner.key) + 1;
  else inner.start = -1;
}

/** A value of an object or a list ends here. */
function closeValue(at: {
  readonly text: string;
  readonly end: number;
  readonly open: readonly Open[];
  readonly repeatedKeys: RepeatedKeys;
}): void {
  const { key, values, start } = at.open.at(-1)!;
  // A list, or an object without keys.
  if (values === undefined || start < 0) return;
  const other = values.get(String(key));
  values.set(String(key), [start, at.end]);
  if (other === undefined) return;
  const [before, now] = [at.text.slice(...other).trim(), at.text.slice(start, at.end).trim()];
  if (before === now && at.repeatedKeys === 'refused-if-different') return;
  const path = JSON.stringify(at.open.map((each) => each.key).join('.'));
  throw new Error(`the key ${path} stands twice, with ${short(before)} and ${short(now)}; keep one of them`);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
