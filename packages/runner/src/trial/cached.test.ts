import { expect, it } from 'vitest';
import { cached } from './prepare-trial.ts';

it('makes a value once, and again after a failure', async () => {
  const cache = new Map<string, Promise<number>>();
  const made: number[] = [];
  const make = async () => {
    made.push(made.length);
    if (made.length === 1) throw new Error('not yet');
    return made.length;
  };
  await expect(cached(cache, 'key', make)).rejects.toThrow('not yet');
  expect([await cached(cache, 'key', make), await cached(cache, 'key', make)]).toEqual([2, 2]);
  expect(made).toHaveLength(2);
});
