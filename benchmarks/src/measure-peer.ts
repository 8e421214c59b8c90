import { join } from 'node:path';
import { readSafetensorsFile } from '@attune/checkpoints/node';
import type { ParameterPlan } from '@attune/training';
import { agreementTolerance, disagreement, type LossAndGradients } from './agreement.ts';
import {
  type Cell,
  type PeerKind,
  type PeerResult,
  type PeerTiming,
  peerKindOf,
  peerKinds,
  type TimedSteps,
  type WaitPolicy,
  waitPolicies,
} from './cell.ts';
import { storeValues } from './make-step.ts';
import { lossAndGradients, type OpenStep } from './open-step.ts';
import { Peer } from './peer.ts';
import { weightsFile } from './peer-files.ts';
import { type Summary, summarize } from './statistics.ts';
import { takeTurns } from './take-turns.ts';
import { type AtLeast, warmup } from './time-steps.ts';

/** Of the round that chooses the peer's fastest variants. */
const selection: AtLeast = { steps: 5, millis: 0 };

interface Compared extends TimedSteps {
  readonly peer: PeerResult;
}

/**
 * Checks that both sides compute the same loss and gradients, lets the peer choose its fastest setting of each kind,
 * then times all in turn.
 *
 * @throws Error when they disagree by more than `agreementTolerance`; what is computed in bfloat16 may
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
    const chosen = peerKinds.map((kind) => fastestVariant(usable, variants, kind));
    const { ours: timed, theirs, idleShare } = await takeTurns({ open, peer, variants: chosen, steps: cell.steps });
    const timing = (kind: PeerKind, index: number): [PeerKind, PeerTiming] => {
      const variant = chosen[index]!;
      return [kind, { variant, ...theirs[index]!, disagreement: checked[variant] as number }];
    };
    const fastest = Object.fromEntries(peerKinds.map(timing)) as Record<PeerKind, PeerTiming>;
    const { versions } = ready;
    return { ...timed, peer: { fastest, optimizer, waitPolicy, variants, peakMemoryBytes, idleShare, versions } };
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
  if (value <= agreementTolerance || peerKindOf(variant) === 'bf16') return value;
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

/** Of one kind, by the fastest step: over so few of them a median would say more about what else runs. */
function fastestVariant(usable: readonly string[], timed: Readonly<Record<string, Summary | string>>, kind: PeerKind) {
  const least = (variant: string) => {
    const summary = timed[variant];
    return typeof summary === 'object' ? summary.min : Number.POSITIVE_INFINITY;
  };
  const own = usable.filter((variant) => peerKindOf(variant) === kind);
  return own.reduce((best, one) => (least(one) < least(best) ? one : best));
}
