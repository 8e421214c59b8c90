import { createHash } from 'node:crypto';

/** Lines as `sha256sum -c` reads them, sorted by path. */
export function checksums(files: ReadonlyMap<string, string>): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => `${createHash('sha256').update(text).digest('hex')}  ${path}\n`)
    .join('');
}
