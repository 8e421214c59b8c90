import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CoreDemand, shareCores } from './share-cores.ts';

const large = { availableBytes: 20e9, trialBytes: 13e9 };

describe('shareCores', () => {
  it.each<[string, CoreDemand, string]>([
    ['one trial a core', { cores: 8, trials: 96 }, '8 × 1'],
    ['the cores of trials that are not there go to the others', { cores: 8, trials: 3 }, '3 × 2'],
    ['one trial takes all', { cores: 8, trials: 1 }, '1 × 8'],
    ['a model that memory holds once takes all', { cores: 8, trials: 96, memory: large }, '1 × 8'],
    [
      'a model that memory does not hold is tried',
      { cores: 2, trials: 4, memory: { ...large, availableBytes: 1 } },
      '1 × 2',
    ],
    ['a small model leaves memory aside', { cores: 2, trials: 4, memory: { ...large, trialBytes: 1e8 } }, '2 × 1'],
    ['threads asked for leave fewer workers', { cores: 8, trials: 96, threads: 3 }, '2 × 3'],
    ['more threads than cores', { cores: 2, trials: 96, threads: 4 }, '1 × 4'],
    ['workers asked for share the cores', { cores: 8, trials: 96, workers: 2 }, '2 × 4'],
    ['workers asked for beyond the trials', { cores: 8, trials: 2, workers: 4 }, '2 × 4'],
    ['workers asked for beyond memory and cores', { cores: 2, trials: 96, workers: 3, memory: large }, '3 × 1'],
    ['both asked for', { cores: 2, trials: 96, workers: 3, threads: 2 }, '3 × 2'],
    ['no trial left', { cores: 4, trials: 0 }, '1 × 4'],
  ])('%s', (_what, demand, expected) => {
    const { workers, threads } = shareCores(demand);
    expect(`${workers} × ${threads}`).toBe(expected);
  });

  it('never takes more than the cores when asked for at most one of the two, within them', () => {
    const count = fc.integer({ min: 1, max: 256 });
    fc.assert(
      fc.property(
        count,
        count,
        fc.option(count, { nil: undefined }),
        fc.boolean(),
        (cores, trials, asked, ofThreads) => {
          const given = asked === undefined ? undefined : Math.min(asked, cores);
          const { workers, threads } = shareCores({
            cores,
            trials,
            ...(ofThreads ? { threads: given } : { workers: given }),
          });
          expect(workers).toBeGreaterThanOrEqual(1);
          expect(workers).toBeLessThanOrEqual(trials);
          expect(threads).toBeGreaterThanOrEqual(1);
          expect(workers * threads).toBeLessThanOrEqual(cores);
        },
      ),
    );
  });
});
