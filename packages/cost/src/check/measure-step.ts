import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Formulation } from '@attune/core';

/** A step to measure; plain data, so that it can be sent to another process. */
export interface CheckCase {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly vocabSize: number;
  readonly batchSize: number;
  readonly length: number;
  readonly method: string;
  readonly formulation: Formulation;
}

/** A step to be measured in a process of its own. */
export interface MeasureCall {
  readonly step: CheckCase;
  /** A module that exports `catalog`, whose methods a case names; the process that measures imports it, too. */
  readonly catalogUrl: string;
  readonly steps: number;
  readonly threads: number;
}

/** What the steps of that process took. */
export interface Measured {
  /** Of each step, in order; the first includes compiling. */
  readonly stepMs: readonly number[];
  /**
   * Growth of the process from before its stores to its peak in a step, the first left out; absent where the system
   * does not tell.
   */
  readonly peakBytes?: number;
}

/**
 * Freed memory goes back to the system at once (glibc). By default freed blocks between live ones stay with the
 * process: the same step then reads up to 40 % higher in one run of many. Steps take up to 10 % longer this way.
 */
const tightMemory = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' };

/** How long each step took, the first with compiling. @throws as `runMeasured` */
export async function measureTimes(call: MeasureCall): Promise<readonly number[]> {
  return (await runMeasured(call, {})).stepMs;
}

/** The peak of a process whose freed memory is not counted, over four steps at most. @throws as `runMeasured` */
export async function measurePeak(call: MeasureCall): Promise<Pick<Measured, 'peakBytes'>> {
  const { stepMs: _, ...peak } = await runMeasured({ ...call, steps: Math.min(call.steps, 4) }, tightMemory);
  return peak;
}

/**
 * Runs a step in a process of its own, on the compiled engine. @throws Error when that process ends without an answer
 */
async function runMeasured(call: MeasureCall, environment: Readonly<Record<string, string>>): Promise<Measured> {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = new URL(fromSource ? './measured-process.ts' : './measured-process.js', import.meta.url);
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = fork(fileURLToPath(entry), {
    execArgv: ['--expose-gc', ...(fromSource ? ['--conditions=attune-source'] : []), '--import', loader],
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.send(call);
  const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof answer === 'object' && answer !== null) return answer as Measured;
  throw new Error(`measuring a step: the process ended with code ${String(answer)} before it answered`);
}
