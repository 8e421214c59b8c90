import type { Hardware } from '../hardware.ts';
import { stepSeconds } from '../roofline.ts';
import type { CheckedCase } from './check-costs.ts';

export type Speeds = Pick<Hardware, 'flopsPerSecond' | 'bytesPerSecond'>;
type TimedCase = Pick<CheckedCase, 'nodes' | 'measuredMs'>;

/** Predicted over measured time, minus one. */
export function timeError({ nodes, measuredMs }: TimedCase, speeds: Speeds): number {
  return (1000 * stepSeconds(nodes, speeds)) / measuredMs - 1;
}

/**
 * The speeds with the smallest worst error, in ratio, over the cases: a search over a grid of both, 10 GFLOP/s to
 * 10 TFLOP/s and 1 GB/s to 1 TB/s, in steps of 3 %.
 */
export function fitRoofline(cases: readonly TimedCase[]): Speeds {
  const worst = (speeds: Speeds): number =>
    Math.max(...cases.map((timed) => Math.abs(Math.log(1 + timeError(timed, speeds)))));
  let best = { speeds: { flopsPerSecond: 1e10, bytesPerSecond: 1e9 }, error: Number.POSITIVE_INFINITY };
  for (const flopsPerSecond of geometric(1e10, 1e13)) {
    for (const bytesPerSecond of geometric(1e9, 1e12)) {
      const speeds = { flopsPerSecond, bytesPerSecond };
      const error = worst(speeds);
      if (error < best.error) best = { speeds, error };
    }
  }
  return best.speeds;
}

function geometric(from: number, to: number): number[] {
  const steps = Math.round(Math.log(to / from) / Math.log(1.03));
  return Array.from({ length: steps + 1 }, (_, step) => from * 1.03 ** step);
}
