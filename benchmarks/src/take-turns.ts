import type { TimedSteps } from './cell.ts';
import type { OpenStep } from './open-step.ts';
import type { Peer } from './peer.ts';
import { type AtLeast, processorMsSince, summarizeTurns, type Taken, timeRuns, warmup } from './time-steps.ts';

/** How often the sides change places, and how long each at least has its turn. */
const turns = 4;
const turnMillis = 250;

interface Turns {
  readonly ours: TimedSteps;
  /** In the order of the given variants. */
  readonly theirs: readonly TimedSteps[];
  /** Processor time either process used while it waited, as a share of the other's time. */
  readonly idleShare: { readonly ours: number; readonly peer: number };
}

/** Blocks of our steps and of each of the peer's variants in turn, each after a warm-up, both processes alive. */
export async function takeTurns(call: {
  readonly open: OpenStep;
  readonly peer: Peer;
  readonly variants: readonly string[];
  /** Of each side, at least. */
  readonly steps: number;
}): Promise<Turns> {
  const { open, peer, variants } = call;
  const timed: AtLeast = { steps: Math.ceil(call.steps / turns), millis: turnMillis };
  const ours: Taken[] = [];
  const theirs: Taken[][] = variants.map(() => []);
  const waited = { ours: { usedMs: 0, wallMs: 0 }, peer: { usedMs: 0, wallMs: 0 } };
  for (let turn = 0; turn < turns; turn++) {
    const before = (await peer.processor()).processorMs;
    const start = performance.now();
    ours.push(await timeRuns(open.run, { warmup, timed }));
    waited.peer.wallMs += performance.now() - start;
    waited.peer.usedMs += (await peer.processor()).processorMs - before;
    const own = process.cpuUsage();
    const theirStart = performance.now();
    for (const [index, variant] of variants.entries()) {
      theirs[index]!.push(await peer.time({ variant, warmup, timed }));
    }
    waited.ours.wallMs += performance.now() - theirStart;
    waited.ours.usedMs += processorMsSince(own);
  }
  const share = ({ usedMs, wallMs }: { readonly usedMs: number; readonly wallMs: number }) => usedMs / wallMs;
  return {
    ours: summarizeTurns(ours),
    theirs: theirs.map(summarizeTurns),
    idleShare: { ours: share(waited.ours), peer: share(waited.peer) },
  };
}
