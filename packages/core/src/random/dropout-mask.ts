import { ConfigError } from '../errors.ts';
import type { RandomSource } from './random-source.ts';

/**
 * A multiplicative dropout mask: 0 with probability `rate`, else 1 / (1 - rate), `size` values.
 *
 * Two numbers are drawn from the source; a 32-bit mixing function of counter and key does the rest (splitmix32-like,
 * constants of Mueller's "lowbias32"), because a mask has as many values as an activation and is drawn every step.
 * A value is dropped when its 32 bits are below rate · 2³².
 *
 * @throws ConfigError when the rate is outside [0, 1)
 */
export function fillDropoutMask(source: RandomSource, size: number, rate: number): Float32Array {
  if (!(rate >= 0 && rate < 1)) {
    throw new ConfigError(`dropout rate: expected a number in [0, 1), got ${rate}`);
  }
  const key = source.integer(2 ** 32) | 0;
  let counter = source.integer(2 ** 32) | 0;
  // Compared as signed integers, which shifts both sides by 2³¹.
  const threshold = Math.round(rate * 2 ** 32) - 2 ** 31;
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(size);
  for (let index = 0; index < size; index++) {
    counter = (counter + 0x9e3779b9) | 0;
    let bits = counter ^ key;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0xd35a2d97);
    bits ^= bits >>> 15;
    mask[index] = bits < threshold ? 0 : kept;
  }
  return mask;
}
