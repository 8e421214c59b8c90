import { describe, expect, it } from 'vitest';
import { lossesText, parseLosses } from './losses.ts';

describe('lossesText', () => {
  it('keeps every bit of a float32, and says of what is not finite that it is not', () => {
    const losses = [0.1, 1 / 3, 2 ** -149, 3.4028234663852886e38, 16777217, -0.7].map(Math.fround);
    const text = lossesText([...losses, Number.NaN, Number.POSITIVE_INFINITY])!;
    expect(text.split('\n').slice(0, 2)).toEqual(['0.100000001', '0.333333343']);
    const read = parseLosses(text);
    expect(read.slice(0, -2).map((loss) => Math.fround(loss!))).toEqual(losses);
    expect(read.slice(-2)).toEqual([null, null]);
  });

  it('is none where there was no step', () => {
    expect(lossesText([])).toBeUndefined();
  });
});
