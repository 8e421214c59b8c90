import { DatasetError } from './errors.ts';
import { utf8Text } from './utf8.ts';

/** A line of a text file. */
export interface Line {
  /** From 1, as editors count. */
  readonly number: number;
  readonly text: string;
}

/** Bad lines that a message lists; the others are counted. */
const listedLines = 10;

/** Collects what is wrong with lines of a file, so that one error shows the first ten and counts the rest. */
export class BadLines {
  readonly #file: string;
  readonly #listed: string[] = [];
  #others = 0;

  /** @param file  names it in messages */
  constructor(file: string) {
    this.#file = file;
  }

  /** @param line  its number, from 1 */
  add(line: number, problem: string): void {
    if (this.#listed.length < listedLines) this.#listed.push(`${this.#file}:${line}: ${problem}`);
    else this.#others += 1;
  }

  /** @throws DatasetError with the first ten bad lines, one per line of the message, and the number of the others */
  throwIfAny(): void {
    if (this.#listed.length === 0) return;
    const rest = this.#others === 1 ? 'one more line is bad' : `${this.#others} more lines are bad`;
    throw new DatasetError([...this.#listed, ...(this.#others === 0 ? [] : [`${this.#file}: ${rest}`])].join('\n'));
  }
}

/**
 * The lines of a text file that are not blank. Lines end at LF only (a text may hold U+2028 or U+0085), and texts are as
 * they stand in the file.
 *
 * @param bytes  the whole file
 * @param file   names it in messages
 * @throws DatasetError naming the lines that are no UTF-8, or a byte-order mark
 */
export function textLines(bytes: Uint8Array, file: string): Line[] {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new DatasetError(`${file}: starts with a byte-order mark; save it as UTF-8 without one`);
  }
  const texts = decoded(bytes)?.split('\n') ?? decodedByLine(bytes, file);
  return texts.map((text, index) => ({ number: index + 1, text })).filter(({ text }) => text.trim() !== '');
}

/** Undefined for bytes that are no text, which would else become U+FFFD, in silence. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8Text(bytes, { ignoreBOM: true });
  } catch {
    return undefined;
  }
}

/** Line by line, which tells the bad ones. A file that is longer than a text can be is read like this, too. */
function decodedByLine(bytes: Uint8Array, file: string): string[] {
  const bad = new BadLines(file);
  const texts: string[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    texts.push('');
    try {
      texts[texts.length - 1] = utf8Text(line, { ignoreBOM: true });
    } catch (error) {
      bad.add(texts.length, (error as Error).message);
    }
    start += line.length + 1;
  }
  bad.throwIfAny();
  return texts;
}
