import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { portableHash, sha256, sha256Hex } from './sha256.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

it('gives the digests that FIPS 180-4 has as examples', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256Hex()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

it.each([
  ['the platform', sha256],
  ['JavaScript', portableHash],
])('of %s takes parts of any size, texts as UTF-8', (_, hash) => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7) & 255);
  const expected = createHash('sha256').update('ä€😀').update(bytes).digest('hex');
  expect(hex(hash().update('ä€😀').update(bytes.subarray(0, 63)).update(bytes.subarray(63)).digest())).toBe(expected);
});
