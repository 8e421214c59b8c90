import { describe, expect, it } from 'vitest';
import { sampleTrial } from '../../test/sample.ts';
import type { Trial } from '../trial/expand-trials.ts';
import { SharedQueue, type Sharing } from './shared-queue.ts';

type Answer = Awaited<ReturnType<Sharing['take']>>;

const trials = [1, 2, 3].map((seed) => sampleTrial({ seed }));
const seedOf = (trial: Trial | undefined) => trial?.config.seed;

/** A queue of three trials of which others say what the answers are, by seed; the last one stays. */
function queueOf(answers: Readonly<Record<number, readonly Answer[]>>, signal = new AbortController().signal) {
  const asked = new Map<number, number>();
  const waiting: number[] = [];
  const take = async ({ config: { seed } }: Trial): Promise<Answer> => {
    const time = asked.get(seed) ?? 0;
    asked.set(seed, time + 1);
    const given = answers[seed] ?? ['ours'];
    return given[Math.min(time, given.length - 1)]!;
  };
  const sharing = { take, release: () => {}, onWaiting: (count: number) => waiting.push(count), lookEveryMs: 1 };
  return { queue: new SharedQueue(trials, sharing, signal), waiting };
}

async function all(queue: SharedQueue): Promise<(number | undefined)[]> {
  const seeds: (number | undefined)[] = [];
  for (let trial = await queue.next(); trial !== undefined; trial = await queue.next(trial)) seeds.push(seedOf(trial));
  return seeds;
}

describe('SharedQueue', () => {
  it('has every trial where nobody else is', async () => {
    expect(await all(new SharedQueue(trials, undefined, new AbortController().signal))).toEqual([1, 2, 3]);
  });

  it('leaves the trials of others for the end, and says that it waits for them', async () => {
    const { queue, waiting } = queueOf({ 1: ['theirs', 'theirs', 'recorded'], 2: ['recorded'] });
    expect(await all(queue)).toEqual([3]);
    expect(waiting).toEqual([1, 0]);
  });

  it('takes over what another one left', async () => {
    const { queue } = queueOf({ 1: ['theirs', 'theirs', 'theirs', 'ours'] });
    expect(await all(queue)).toEqual([2, 3, 1]);
  });

  it('gives a trial that was waited for to one lane', async () => {
    const { queue } = queueOf({ 1: ['theirs', 'theirs', 'ours'], 2: ['theirs', 'recorded'], 3: ['theirs', 'ours'] });
    expect((await Promise.all([all(queue), all(queue)])).flat().sort()).toEqual([1, 3]);
  });

  it('waits no longer when the run is stopped', async () => {
    const stop = new AbortController();
    const { queue } = queueOf({ 1: ['theirs'], 2: ['theirs'], 3: ['theirs'] }, stop.signal);
    setTimeout(() => stop.abort(), 20);
    expect(await queue.next()).toBeUndefined();
  });
});
