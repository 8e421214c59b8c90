import { relative } from 'node:path';
import { shownLine } from '../safe-text.ts';

/** A path for a person to read, in one line: relative to the working directory where that is shorter. */
export function displayPath(path: string): string {
  const short = relative('', path);
  return shownLine(short !== '' && short.length < path.length ? short : path);
}
