import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ConfigError } from '@attune/base';
import { displayPath, readParts } from '@attune/base/node';
import type { Catalog } from '../experiment/definition.ts';
import type { TrialPlan } from '../experiment/resolved.ts';

/** sha256 of each file's bytes by its path; 'absent' for one that is not there. */
export type FileHashes = Readonly<Record<string, string>>;

/**
 * sha256 over files: for each its name, size and bytes, in the order given. An absent file counts as absent, so a
 * hash changes when the file appears. Files are read in parts, once for this hash and for that of each.
 *
 * @throws ConfigError when one is there and cannot be read
 */
export async function hashFiles(
  files: readonly string[],
): Promise<{ readonly hash: string; readonly files: FileHashes }> {
  const hash = createHash('sha256');
  const single: Record<string, string> = {};
  for (const file of files) {
    const stats = await stat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw unreadable(file, error);
    });
    hash.update(`${basename(file)}\0${stats === undefined ? 'absent' : stats.size}\0`);
    single[file] = 'absent';
    if (stats === undefined) continue;
    const own = createHash('sha256');
    try {
      for await (const part of readParts(file)) {
        hash.update(part);
        own.update(part);
      }
    } catch (error) {
      throw unreadable(file, error);
    }
    single[file] = own.digest('hex');
  }
  return { hash: hash.digest('hex'), files: single };
}

function unreadable(file: string, error: unknown): ConfigError {
  return new ConfigError(`${displayPath(file)}: cannot be read: ${(error as Error).message}`, { cause: error });
}

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

/**
 * Whether a trial's task and method are the catalog's, whose sources the hash of the code covers. Others come with the
 * experiment's file, which may import them from anywhere: no hash of sources says that they are as they were.
 */
export function isListed(
  { task, arm }: Pick<TrialPlan, 'task' | 'arm'>,
  { methods, tasks }: Pick<Catalog, 'methods' | 'tasks'>,
): boolean {
  return methods.includes(arm.method) && tasks.includes(task);
}
