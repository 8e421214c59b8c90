import { relative } from 'node:path';

/** A path for a person to read: relative to the working directory where that is shorter. */
export function displayPath(path: string): string {
  const short = relative('', path);
  return short !== '' && short.length < path.length ? short : path;
}
