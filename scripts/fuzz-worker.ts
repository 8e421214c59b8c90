import { randomSource } from '@attune/base';
import { watchAllocations } from '../packages/checkpoints/test/fuzz/allocations.ts';
import { runCase, targetFolder } from '../packages/checkpoints/test/fuzz/run-case.ts';
import { allTargets } from './fuzz-targets.ts';

/** What cases gave. */
export interface BatchSummary {
  loaded: number;
  refused: number;
  /** A line for each. */
  readonly failed: string[];
  slowestMs: number;
  largestBytes: number;
}

/** Sent before each case and after the last. */
export interface FromFuzzWorker {
  /** The number of the case that comes; one past the last when all are done. */
  readonly running: number;
  /** Of the cases before. */
  readonly summary: BatchSummary;
}

const [name, first, end, seed] = process.argv.slice(2) as [string, string, string, string];
const target = allTargets.find((known) => known.name === name)!;
const random = randomSource(Number(seed)).fork(name);
const summary: BatchSummary = { loaded: 0, refused: 0, failed: [], slowestMs: 0, largestBytes: 0 };

watchAllocations();
const { directory, remove } = targetFolder(target);
for (let index = Number(first); index < Number(end); index++) {
  await send(index);
  await runOne(index);
}
remove();
await send(Number(end));
process.disconnect();

async function runOne(index: number): Promise<void> {
  try {
    const { outcome, timeMs, allocatedBytes } = await runCase(target, directory, random.fork(index));
    summary[outcome]++;
    summary.slowestMs = Math.max(summary.slowestMs, timeMs);
    summary.largestBytes = Math.max(summary.largestBytes, allocatedBytes);
  } catch (error) {
    summary.failed.push(`case ${index}: ${(error as Error).stack}`);
  }
}

/** Resolves when the parent has it, so that it knows the case that ends the process. */
function send(running: number): Promise<void> {
  return new Promise((resolve) => {
    process.send!({ running, summary } satisfies FromFuzzWorker, () => resolve());
  });
}
