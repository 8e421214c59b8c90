import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrowToBfloat16, narrowToFloat16, widenBfloat16, widenFloat16 } from '../floats.ts';

const allBits = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
/** Any float32, by its bits: subnormals, infinities and all. */
const anyFloat = fc
  .integer({ min: 0, max: 2 ** 32 - 1 })
  .map((bits) => new Float32Array(Uint32Array.of(bits).buffer)[0]!)
  .filter((value) => !Number.isNaN(value));

describe.each([
  ['float16', narrowToFloat16, widenFloat16, 0x7c00],
  ['bfloat16', narrowToBfloat16, widenBfloat16, 0x7f80],
] as const)('%s', (_, narrow, widen, infinity) => {
  const values = widen(allBits);

  it('comes back from float32 with the same bits, NaN payloads included', () => {
    expect(narrow(values)).toEqual(allBits);
  });

  it('is what a search for the nearest value gives, the even one of two', () => {
    // Positive values grow with their bits, so the neighbours of a value are found by halving.
    const nearest = (value: number): number => {
      let low = 0;
      let high: number = infinity;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (values[middle]! <= value) low = middle;
        else high = middle;
      }
      // Infinity counts as the value that would follow the largest one.
      const step = values[infinity - 1]! - values[infinity - 2]!;
      const above = high === infinity ? values[infinity - 1]! + step : values[high]!;
      if (value - values[low]! === above - value) return low % 2 === 0 ? low : high;
      return value - values[low]! < above - value ? low : high;
    };
    fc.assert(
      fc.property(anyFloat, (value) => {
        const bits = narrow(Float32Array.of(value))[0]!;
        const sign = Object.is(Math.sign(value), -0) || value < 0 ? 0x8000 : 0;
        expect(bits).toBe(sign | (Math.abs(value) === Infinity ? infinity : nearest(Math.abs(value))));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps a NaN whose payload does not fit', () => {
    const tiny = new Float32Array(Uint32Array.of(0x7f800001).buffer);
    expect(Number.isNaN(widen(narrow(tiny))[0])).toBe(true);
  });
});
