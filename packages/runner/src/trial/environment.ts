import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { TrialRecord } from '@attune/records';

/** Code and machine of a run, as its record says them. */
export type Environment = TrialRecord['run']['environment'];

/** The libraries that decide values: they calculate, have the gradients, tokenise, and draw random numbers. */
const decidingPackages = [
  ...['@huggingface/tokenizers', '@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', 'onnxruntime-node', 'pure-rand'],
];

/**
 * Code and machine that a record came from. `dirty` is about code: files under reports/ do not count, a run itself
 * writes them.
 *
 * @param repository  folder of the code; outside a git checkout, and for installed packages, the commit is "unknown"
 */
export function collectEnvironment(repository: string | undefined): Environment {
  const commit = git(repository, ['rev-parse', 'HEAD']);
  const changes = git(repository, ['status', '--porcelain', '--', ':/', ':(top,exclude)reports']);
  return {
    commit: commit ?? 'unknown',
    dirty: changes !== undefined && changes !== '',
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** Name to version of the libraries that decide values: part of a trial's configuration. */
export function libraryVersions(): Record<string, string> {
  return Object.fromEntries(decidingPackages.flatMap(packageVersion));
}

function git(cwd: string | undefined, args: readonly string[]): string | undefined {
  if (cwd === undefined) return undefined;
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function packageVersion(name: string): [string, string][] {
  try {
    // Not every package exports its package.json, so it is looked for where Node would look for the package.
    const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
    for (const path of paths) {
      const text = readOrUndefined(`${path}/${name}/package.json`);
      if (text !== undefined) return [[name, (JSON.parse(text) as { version: string }).version]];
    }
  } catch {
    // A version that cannot be read is left out.
  }
  return [];
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const sampleEveryMs = 20;

/**
 * Highest resident set size of this process while something runs, by sampling: native memory (session arenas,
 * wasm heaps) counts, which the JavaScript heap's own figures leave out.
 */
export async function withPeakMemory<Value>(run: () => Promise<Value>): Promise<{ value: Value; peakBytes: number }> {
  let peakBytes = process.memoryUsage.rss();
  const sample = () => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  };
  const timer = setInterval(sample, sampleEveryMs);
  try {
    const value = await run();
    sample();
    return { value, peakBytes };
  } finally {
    clearInterval(timer);
  }
}
