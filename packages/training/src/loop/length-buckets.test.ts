import { describe, expect, it } from 'vitest';
import { bucketLength } from './timetable.ts';

describe('bucketLength', () => {
  it.each([
    [1, 16],
    [16, 16],
    [17, 24],
    [25, 32],
    [33, 48],
    [49, 64],
    [65, 96],
    [97, 128],
    [129, 192],
    [193, 256],
    [300, 384],
    [385, 512],
  ])('pads %i tokens to %i', (length, bucket) => {
    expect(bucketLength(length, 512)).toBe(bucket);
  });

  it('never exceeds the longest length', () => {
    expect(bucketLength(90, 90)).toBe(90);
    expect(bucketLength(5, 10)).toBe(10);
    expect(() => bucketLength(91, 90)).toThrow(
      'batch: a sequence has 91 tokens, maxLength is 90; truncate it when formulating',
    );
  });
});
