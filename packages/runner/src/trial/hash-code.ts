import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * sha256 of the code that computes trials: of every folder the source files (no tests, no declarations) in path
 * order, path and bytes. Equal hashes mean the same computation; of others the proof of a trial says whether they do.
 *
 * @param directories  package name to the folder its code is loaded from
 */
export function hashCode(directories: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(directories).sort()) {
    const directory = directories[name]!;
    for (const file of sourceFiles(directory)) {
      hash
        .update(`${name}/${file}\0`)
        .update(readFileSync(join(directory, file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

function sourceFiles(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.[jt]s$/.test(file) && !/\.(test|d)\.[jt]s$/.test(file))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
}
