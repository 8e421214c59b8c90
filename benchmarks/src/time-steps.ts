import type { TimedSteps } from './cell.ts';
import { summarize } from './statistics.ts';

/** How long to go on: until both are reached. */
export interface AtLeast {
  readonly steps: number;
  readonly millis: number;
}

/** What runs untimed before anything is timed: a JIT compiler needs a while, however short a step is. */
export const warmup: AtLeast = { steps: 2, millis: 500 };

/** What some runs took. */
export interface Taken {
  /** Of each run. */
  readonly millis: readonly number[];
  /** Processor time of this process over all of them, user and system. */
  readonly processorMs: number;
}

/** Times runs one after the other, after some that are not timed. */
export async function timeRuns(
  run: () => Promise<unknown>,
  { warmup, timed }: { readonly warmup: AtLeast; readonly timed: AtLeast },
): Promise<Taken> {
  await runFor(run, warmup);
  const before = process.cpuUsage();
  const millis = await runFor(run, timed);
  return { millis, processorMs: processorMsSince(before) };
}

export function processorMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Some turns of the same side as one. */
export function summarizeTurns(turns: readonly Taken[]): TimedSteps {
  const stepMs = summarize(turns.flatMap(({ millis }) => millis));
  const used = turns.reduce((sum, { processorMs }) => sum + processorMs, 0);
  return { stepMs, processorMs: used / stepMs.count };
}

async function runFor(run: () => Promise<unknown>, { steps, millis }: AtLeast): Promise<number[]> {
  const taken: number[] = [];
  for (let total = 0; taken.length < steps || total < millis; total += taken.at(-1)!) {
    const start = performance.now();
    await run();
    taken.push(performance.now() - start);
  }
  return taken;
}
