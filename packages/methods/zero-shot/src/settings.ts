import { z } from 'zod';

/** Settings of zero-shot: there are none. */
export const zeroShotSettings = z.strictObject({});

/** Settings as the method takes them: an empty object. */
export type ZeroShotSettings = Record<string, never>;
