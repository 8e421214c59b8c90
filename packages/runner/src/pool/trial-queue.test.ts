import { describe, expect, it } from 'vitest';
import { sampleTrial } from '../../test/sample.ts';
import type { Trial } from '../trial/expand-trials.ts';
import { TrialQueue } from './trial-queue.ts';

const trial = (label: string, seed: number): Trial => ({
  ...sampleTrial({ seed }, label),
  key: `${label}${seed}`,
});

describe('TrialQueue', () => {
  it('keeps a worker on its group, then opens a new one, then helps with the fullest', () => {
    const queue = new TrialQueue([
      ...[1, 2].map((seed) => trial('a', seed)),
      ...[1, 2, 3, 4].map((seed) => trial('b', seed)),
    ]);
    const first = queue.next();
    const second = queue.next();
    expect([first?.key, second?.key]).toEqual(['a1', 'b1']);
    expect(queue.next(second)?.key).toBe('b2');
    const last = queue.next(first);
    expect(last?.key).toBe('a2');
    expect([queue.next(last)?.key, queue.next(second)?.key, queue.next(second)]).toEqual(['b3', 'b4', undefined]);
  });

  it('hands every trial out once, whoever asks', () => {
    const all = ['a', 'b', 'c'].flatMap((label) => [1, 2, 3].map((seed) => trial(label, seed)));
    const queue = new TrialQueue(all);
    const workers: (Trial | undefined)[] = [undefined, undefined];
    const seen: string[] = [];
    for (let turn = 0; turn < 20; turn++) {
      const next = queue.next(workers[turn % 2]);
      workers[turn % 2] = next ?? workers[turn % 2];
      if (next !== undefined) seen.push(next.key);
    }
    expect(seen.sort()).toEqual(all.map(({ key }) => key).sort());
  });
});
