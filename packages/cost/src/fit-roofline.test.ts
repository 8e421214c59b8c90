import { expect, it } from 'vitest';
import { fitRoofline, stepSeconds, timeError } from './roofline.ts';

const node = (flops: number, bytes: number) => ({ kernel: 'Add', phase: 'forward', flops, bytes }) as const;

it('finds the speeds that steps were timed with', () => {
  const speeds = { flopsPerSecond: 2.1e11, bytesPerSecond: 1.7e10 };
  const steps = [
    [node(1e12, 1e9), node(1e6, 1e9)],
    [node(1e11, 1e8), node(1e6, 1e10)],
  ];
  const cases = steps.map((nodes) => ({ nodes, measuredMs: 1000 * stepSeconds(nodes, speeds) }));
  const found = fitRoofline(cases);
  expect(found.flopsPerSecond / speeds.flopsPerSecond).toBeCloseTo(1, 1);
  expect(found.bytesPerSecond / speeds.bytesPerSecond).toBeCloseTo(1, 1);
  for (const timed of cases) expect(Math.abs(timeError(timed, found))).toBeLessThan(0.02);
});

it('says by how much a prediction is off', () => {
  const speeds = { flopsPerSecond: 1e9, bytesPerSecond: 1e9 };
  expect(timeError({ nodes: [node(3e9, 1e9)], measuredMs: 2000 }, speeds)).toBeCloseTo(0.5);
});
