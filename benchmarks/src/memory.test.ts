import { expect, test } from 'vitest';
import { parsePeak, peakMemoryBytes, resetPeakMemory } from './memory.ts';

test('reads the high-water mark in bytes', () => {
  expect(parsePeak('Name:\tnode\nVmPeak:\t  900 kB\nVmHWM:\t   123 kB\nVmRSS:\t 100 kB\n')).toBe(123 * 1024);
  expect(() => parsePeak('Name:\tnode\n')).toThrow('/proc/self/status: expected a line VmHWM, got none');
});

test('the peak sees memory that is gone again', async () => {
  await resetPeakMemory();
  const before = peakMemoryBytes();
  new Float64Array(1 << 23).fill(1);
  expect(peakMemoryBytes() - before).toBeGreaterThan(32e6);
});
