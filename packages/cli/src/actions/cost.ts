import { ConfigError } from '@attune/base';
import { showCheck } from '@attune/cost';
import { catalogUrl } from '../catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../say.ts';
import { type CostFlags, showCosts } from './show-costs.ts';

/** Flags of `attune cost`. */
export interface CostCommandFlags extends Omit<CostFlags, 'model'> {
  readonly model?: string;
  readonly check?: boolean;
  readonly calibrate?: boolean;
}

/**
 * Prints what methods cost on a model, or with `check` how that compares with steps measured here.
 *
 * @returns an exit code
 * @throws ConfigError for a model, a method or a setting that is not there
 */
export async function cost(flags: CostCommandFlags, settings: readonly string[]): Promise<number> {
  for (const line of await linesOf(flags, settings)) say(line);
  return exitCodes.ok;
}

async function linesOf(flags: CostCommandFlags, settings: readonly string[]): Promise<string[]> {
  const { model, check, calibrate } = flags;
  if (check === true || calibrate === true) {
    return showCheck({ calibrate: calibrate === true, catalogUrl });
  }
  if (model === undefined) throw new ConfigError('--model: expected a config.json, a model directory or a known model');
  return showCosts({ ...flags, model }, settings);
}
