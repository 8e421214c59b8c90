import { ConfigError } from '@attune/core';
import type { CostFlags } from '../cost/show-costs.ts';
import { exitCodes } from '../exit-codes.ts';

export interface CostCommandFlags extends Omit<CostFlags, 'model'> {
  readonly model?: string;
  readonly check?: boolean;
  readonly calibrate?: boolean;
}

export async function cost(flags: CostCommandFlags, settings: readonly string[]): Promise<number> {
  for (const line of await linesOf(flags, settings)) console.log(line);
  return exitCodes.ok;
}

async function linesOf(flags: CostCommandFlags, settings: readonly string[]): Promise<string[]> {
  const { model, check, calibrate } = flags;
  if (check === true || calibrate === true) {
    const { showCheck } = await import('../cost/check/show-check.ts');
    return showCheck({ calibrate: calibrate === true });
  }
  if (model === undefined) throw new ConfigError('--model: expected a config.json, a model directory or a known model');
  const { showCosts } = await import('../cost/show-costs.ts');
  return showCosts({ ...flags, model }, settings);
}
