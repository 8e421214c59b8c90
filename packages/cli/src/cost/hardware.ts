import { ConfigError, unknownNameMessage } from '@attune/core';
import { readJsonFile } from '@attune/core/node';
import { Problems } from '@attune/runner';
import { z } from 'zod';
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
