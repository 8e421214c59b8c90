import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { allTargets } from './fuzz-targets.ts';
import type { BatchSummary, FromFuzzWorker } from './fuzz-worker.ts';

/**
 * Loads mutated files and fails when a loader crashes, takes more than a second (two where the file's structure was
 * changed), asks for more memory at once than twice the file and a MiB, refuses without naming the file, or gives what
 * the file does not say. Half of the kinds are changed in their bytes, the others in what they say, in a form that
 * still parses; where a path is opened, now and then a FIFO, a folder, a device or a link lies there:
 *
 *     node --conditions=attune-source --import tsx scripts/fuzz-loaders.ts [--cases 20000] [--seed 1] [--target JSONL]
 *
 * Cases are shared among the kinds of files. The same seed gives the same cases, whatever target is chosen.
 */
const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
  },
});

/** A case that has not ended by then never will; the second that each has is checked by the worker. */
const hangMs = 20_000;

const casesPerTarget = Math.ceil(Number(options.cases) / allTargets.length);
let failures = 0;
for (const { name } of allTargets) {
  if (options.target !== undefined && options.target !== name) continue;
  const { loaded, refused, failed, slowestMs, largestBytes } = await fuzz(name);
  failures += failed.length;
  console.log(
    `${name}: ${loaded + refused + failed.length} files, ${loaded} loaded, ${refused} refused, ${failed.length} failed; ` +
      `slowest ${slowestMs.toFixed(0)} ms, largest allocation ${(largestBytes / 1024).toFixed(0)} KiB`,
  );
  for (const line of failed.slice(0, 10)) console.log(`  ${line}`);
}
process.exitCode = failures === 0 ? 0 : 1;

/** All cases of a target; one that hangs or ends its process is a failure, and the rest run in a new one. */
async function fuzz(name: string): Promise<BatchSummary> {
  const total: BatchSummary = { loaded: 0, refused: 0, failed: [], slowestMs: 0, largestBytes: 0 };
  for (let first = 0; first < casesPerTarget; ) {
    const { next, summary } = await runProcess(name, first);
    total.loaded += summary.loaded;
    total.refused += summary.refused;
    total.failed.push(...summary.failed);
    total.slowestMs = Math.max(total.slowestMs, summary.slowestMs);
    total.largestBytes = Math.max(total.largestBytes, summary.largestBytes);
    first = next;
  }
  return total;
}

function runProcess(target: string, first: number): Promise<{ readonly next: number; readonly summary: BatchSummary }> {
  const args = [target, String(first), String(casesPerTarget), options.seed];
  const child = fork(fileURLToPath(new URL('./fuzz-worker.ts', import.meta.url)), args);
  let latest: FromFuzzWorker | undefined;
  return new Promise((resolve, reject) => {
    let watch = setTimeout(() => child.kill('SIGKILL'), hangMs);
    child.on('message', (message: FromFuzzWorker) => {
      latest = message;
      clearTimeout(watch);
      watch = setTimeout(() => child.kill('SIGKILL'), hangMs);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(watch);
      // It ends before it has begun only where the script itself is broken.
      if (latest === undefined) return reject(new Error(`${target}: the process ended at once, ${code ?? signal}`));
      const { summary, running } = latest;
      if (running < casesPerTarget)
        summary.failed.push(`case ${running}: hangs or ends the process: ${code ?? signal}`);
      resolve({ next: running + 1, summary });
    });
  });
}
