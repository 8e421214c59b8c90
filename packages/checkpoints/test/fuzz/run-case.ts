import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RandomSource } from '@attune/base';
import { largestAllocation, resetLargestAllocation } from './allocations.ts';
import { anyOf } from './any-of.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutate } from './mutate.ts';
import { oddFiles } from './odd-files.ts';

/** The loaders' own classes: what they throw names file and reason. */
const refusals = new Set(['ConfigError', 'DatasetError', 'ShapeError']);

/** A change of structure may make a file a hundred times as long. */
const limits = { timeMs: 1000, structureTimeMs: 2000, fileSizes: 2, constantBytes: 2 ** 20 } as const;

interface CaseResult {
  readonly outcome: 'loaded' | 'refused';
  readonly timeMs: number;
  readonly allocatedBytes: number;
}

/** A folder with the files of a target that are not mutated. */
export function targetFolder({ beside }: FuzzTarget): { readonly directory: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const directory = join(root, 'files');
  mkdirSync(directory);
  for (const [name, bytes] of beside) writeFileSync(join(directory, name), bytes);
  return { directory, remove: () => rmSync(root, { recursive: true }) };
}

/**
 * Loads one mutated file. `watchAllocations` must have been called.
 *
 * @throws Error saying what a loader must never do: crash, take long, ask for too much memory, give what is not there
 */
export async function runCase(target: FuzzTarget, directory: string, random: RandomSource): Promise<CaseResult> {
  const original = anyOf(target.originals, random);
  const path = join(directory, target.file);
  const bytes = place(target, path, original, random);
  resetLargestAllocation();
  const started = performance.now();
  let outcome: CaseResult['outcome'] = 'loaded';
  try {
    await target.load({ directory, path, bytes, original });
  } catch (error) {
    requireRefusal(error, directory);
    outcome = 'refused';
  }
  const timeMs = performance.now() - started;
  const allocatedBytes = largestAllocation();
  if (timeMs > (target.mutate ? limits.structureTimeMs : limits.timeMs))
    throw new Error(`took ${timeMs.toFixed(0)} ms`);
  const size = bytes.length + [...target.beside.values()].reduce((sum, file) => sum + file.length, 0);
  if (allocatedBytes > limits.fileSizes * size + limits.constantBytes) {
    throw new Error(`asked for ${allocatedBytes} bytes at once for a file of ${size}`);
  }
  return { outcome, timeMs, allocatedBytes };
}

/** Writes the mutated file, or now and then something else in its place that is no file; gives the bytes. */
function place(target: FuzzTarget, path: string, original: Uint8Array, random: RandomSource): Uint8Array {
  rmSync(path, { recursive: true, force: true });
  if (target.opens === true && random.integer(50) === 0) {
    anyOf(oddFiles, random)(path);
    return new Uint8Array();
  }
  const bytes = (target.mutate ?? mutate)(original, random);
  writeFileSync(path, bytes);
  return bytes;
}

function requireRefusal(error: unknown, directory: string): void {
  if (!(error instanceof Error) || !refusals.has(error.name)) throw error;
  if (!error.message.includes(directory)) throw new Error(`a refusal without its file: ${error.message}`);
}
