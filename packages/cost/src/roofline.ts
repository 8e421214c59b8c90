import { ConfigError, Problems, unknownNameMessage } from '@attune/base';
import { readJsonFile } from '@attune/base/node';
import type { NodeWork } from '@attune/graph';
import { z } from 'zod';
import type { CheckedCase } from './check/check-costs.ts';
import profiles from './hardware.json' with { type: 'json' };
import thisMachine from './this-machine.json' with { type: 'json' };

const positive = z.number().positive();

const hardwareSchema = z.strictObject({
  name: z.string().min(1),
  title: z.string().min(1),
  /** Peak float32 operations per second, a multiply-add as two. */
  flopsPerSecond: positive,
  /** Peak bytes per second between memory and processor. */
  bytesPerSecond: positive,
  memoryBytes: positive,
  /** Prices change: an example, with where and when. */
  pricePerHour: z.strictObject({ dollars: positive, example: z.string().min(1) }).optional(),
  /** Where the figures are from. */
  source: z.string().min(1),
});

/** What a machine can do at best; by these a step's time is predicted. */
export type Hardware = z.infer<typeof hardwareSchema>;

/** Where `attune cost --calibrate` was last run: speeds fitted to measured steps. */
export const calibratedHardware: Hardware = hardwareSchema.parse(thisMachine);

/** Everything with a name; all but the calibrated are data sheets'. */
const hardwareProfiles: readonly Hardware[] = [calibratedHardware, ...z.array(hardwareSchema).parse(profiles)];

/**
 * A named profile, or one of your own from a .json file with the same fields.
 *
 * @throws ConfigError for an unknown name or a malformed file
 */
export async function findHardware(given: string): Promise<Hardware> {
  if (given.endsWith('.json')) return readHardware(given);
  const found = hardwareProfiles.find(({ name }) => name === given);
  if (found !== undefined) return found;
  const known = hardwareProfiles.map(({ name }) => name);
  throw new ConfigError(`hardware: ${unknownNameMessage('profile', given, known)}, or a .json file`);
}

async function readHardware(file: string): Promise<Hardware> {
  const problems = new Problems(file);
  const hardware = problems.check('', hardwareSchema, await readJsonFile(file));
  problems.throwIfAny();
  return hardware!;
}

/**
 * Time of one step in seconds: each node takes what its arithmetic or its memory traffic takes, whichever is more,
 * one node after the other. Williams et al. 2009, "Roofline". With a data sheet's peaks no real step is faster.
 */
export function stepSeconds(
  nodes: readonly Pick<NodeWork, 'flops' | 'bytes'>[],
  { flopsPerSecond, bytesPerSecond }: Pick<Hardware, 'flopsPerSecond' | 'bytesPerSecond'>,
): number {
  return nodes.reduce((sum, { flops, bytes }) => sum + Math.max(flops / flopsPerSecond, bytes / bytesPerSecond), 0);
}

/** How often a step is run in an epoch. */
interface EpochCall {
  readonly examples: number;
  readonly batchSize: number;
}

/** Time of one epoch in seconds; a last, partial batch is filled up and takes as long as a full one. */
export function epochSeconds(secondsOfStep: number, { examples, batchSize }: EpochCall): number {
  return Math.ceil(examples / batchSize) * secondsOfStep;
}

/** The two speeds that a step's time depends on. */
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
