import { join } from 'node:path';
import { readSafetensorsFile } from '@attune/checkpoints/node';
import type { ParameterPlan } from '@attune/training';
import { agreementTolerance, disagreement, type LossAndGradients } from './agreement.ts';
import { type Cell, type PeerResult, type WaitPolicy, waitPolicies } from './cell.ts';
import { storeValues } from './make-step.ts';
import { lossAndGradients, type OpenStep } from './open-step.ts';
import { Peer } from './peer.ts';
import { weightsFile } from './peer-files.ts';
import { type Summary, summarize } from './statistics.ts';
import { type AtLeast, millisOf, warmup } from './time-steps.ts';

/** Of the round that chooses the peer's fastest variant. */
const selection: AtLeast = { steps: 5, millis: 0 };
/** How often the two sides change places, and how long each at least has its turn. */
const turns = 4;
const turnMillis = 250;

interface Compared {
  readonly stepMs: Summary;
  readonly peer: PeerResult;
}

/**
 * Checks that both sides compute the same loss and gradients, lets the peer choose its fastest setting, then times both
 * in turn.
 *
 * @throws Error when they disagree by more than `agreementTolerance`
 */
export async function measurePeer(call: {
  readonly cell: Cell;
  readonly folder: string;
  readonly open: OpenStep;
  readonly plan: ParameterPlan;
}): Promise<Compared> {
  const { cell, folder, open, plan } = call;
  const { tensors: weights } = await readSafetensorsFile(join(folder, weightsFile));
  const ours = await lossAndGradients(open, storeValues({ plan, weights }).state);
  const { python, waitPolicy = await fasterPolicy(python, folder) } = cell.peer!;
  const { peer, ready } = await Peer.start({ python, waitPolicy }, folder);
  try {
    const checked = await checkVariants(peer, ready.variants, ours);
    const usable = ready.variants.filter((variant) => typeof checked[variant] === 'number');
    const eager = usable.filter((variant) => variant.endsWith('eager'));
    const { peakMemoryBytes } = await peer.memory(eager.at(-1)!, 3);
    const { optimizer } = await peer.chooseOptimizer(eager.at(-1)!, selection.steps);
    const variants = await timeVariants(peer, usable, checked);
    const variant = usable.reduce((best, one) => (fastestOf(variants[one]) < fastestOf(variants[best]) ? one : best));
    const { ours: stepMs, theirs, idleShare } = await inTurn({ open, peer, variant, steps: cell.steps });
    const numbers = Object.values(checked).filter((value) => typeof value === 'number');
    return {
      stepMs,
      peer: {
        ...{ variant, optimizer, waitPolicy, stepMs: theirs, variants, peakMemoryBytes, idleShare },
        disagreement: Math.max(...numbers),
        versions: ready.versions,
      },
    };
  } finally {
    peer.stop();
  }
}

/** The way of waiting under which an eager step is faster, each in a process of its own. */
async function fasterPolicy(python: string, folder: string): Promise<WaitPolicy> {
  const fastest: number[] = [];
  for (const waitPolicy of waitPolicies) {
    const { peer, ready } = await Peer.start({ python, waitPolicy }, folder);
    try {
      await peer.chooseOptimizer(ready.variants[0]!, 1);
      const { millis } = await peer.time({ variant: ready.variants[0]!, warmup, timed: selection });
      fastest.push(Math.min(...millis));
    } finally {
      peer.stop();
    }
  }
  return waitPolicies[fastest.indexOf(Math.min(...fastest))]!;
}

/** The disagreement of each variant, or why it does not work: only a compiled one may not. */
async function checkVariants(
  peer: Peer,
  variants: readonly string[],
  ours: LossAndGradients,
): Promise<Record<string, number | string>> {
  const checked: Record<string, number | string> = {};
  for (const variant of variants) {
    try {
      checked[variant] = await checkVariant(peer, variant, ours);
    } catch (error) {
      if (variant.endsWith('eager')) throw error;
      checked[variant] = (error as Error).message;
    }
  }
  return checked;
}

async function checkVariant(peer: Peer, variant: string, ours: LossAndGradients): Promise<number> {
  const { loss, file } = await peer.check(variant);
  const { tensors: gradients } = await readSafetensorsFile(file);
  const { where, value } = disagreement(ours, { loss, gradients });
  if (value <= agreementTolerance) return value;
  throw new Error(
    `${variant}: ${where} differs by ${value.toExponential(1)}, at most ${agreementTolerance} is expected`,
  );
}

async function timeVariants(
  peer: Peer,
  usable: readonly string[],
  checked: Readonly<Record<string, number | string>>,
): Promise<Record<string, Summary | string>> {
  const timed: Record<string, Summary | string> = {};
  for (const [variant, value] of Object.entries(checked)) {
    if (!usable.includes(variant)) timed[variant] = String(value);
    else timed[variant] = summarize((await peer.time({ variant, warmup, timed: selection })).millis);
  }
  return timed;
}

/** The fastest step: over so few of them a median would say more about what else runs on the machine. */
function fastestOf(summary: Summary | string | undefined): number {
  return typeof summary === 'object' ? summary.min : Number.POSITIVE_INFINITY;
}

/** Blocks of our steps and of theirs in turn, each after a warm-up; and what either side did meanwhile. */
async function inTurn(call: {
  readonly open: OpenStep;
  readonly peer: Peer;
  readonly variant: string;
  readonly steps: number;
}) {
  const { open, peer, variant } = call;
  const timed = { steps: Math.ceil(call.steps / turns), millis: turnMillis };
  const [ours, theirs]: [number[], number[]] = [[], []];
  const waited = { ours: { usedMs: 0, wallMs: 0 }, peer: { usedMs: 0, wallMs: 0 } };
  for (let turn = 0; turn < turns; turn++) {
    const before = (await peer.processor()).processorMs;
    const start = performance.now();
    ours.push(...(await millisOf(open.run, { warmup, timed })));
    waited.peer.wallMs += performance.now() - start;
    waited.peer.usedMs += (await peer.processor()).processorMs - before;
    const own = process.cpuUsage();
    const theirStart = performance.now();
    theirs.push(...(await peer.time({ variant, warmup, timed })).millis);
    waited.ours.wallMs += performance.now() - theirStart;
    const used = process.cpuUsage(own);
    waited.ours.usedMs += (used.user + used.system) / 1000;
  }
  const share = ({ usedMs, wallMs }: { readonly usedMs: number; readonly wallMs: number }) => usedMs / wallMs;
  return {
    ours: summarize(ours),
    theirs: summarize(theirs),
    idleShare: { ours: share(waited.ours), peer: share(waited.peer) },
  };
}
