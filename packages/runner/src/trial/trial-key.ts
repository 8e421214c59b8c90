import { createHash } from 'node:crypto';
import type { TrialConfig } from '@attune/records';
import { canonicalJson } from './canonical-json.ts';

/** sha256 of the configuration's canonical JSON: the configuration has the hashes of data and checkpoint in it. */
export function trialKey(config: TrialConfig): string {
  return createHash('sha256').update(canonicalJson(config)).digest('hex');
}
