import { expect, it } from 'vitest';
import { shareHoisting } from './worker-engines.ts';

it('shares the memory among workers, a GiB unless told otherwise', () => {
  expect(shareHoisting({}, 4)).toEqual({ memoryBytes: 2 ** 28, directory: undefined });
  expect(shareHoisting({ memoryBytes: 100, directory: '/scratch' }, 3)).toEqual({
    memoryBytes: 33,
    directory: '/scratch',
  });
  expect(shareHoisting({ memoryBytes: 0 }, 2)).toMatchObject({ memoryBytes: 0 });
  expect(shareHoisting(false, 2)).toBe(false);
});
