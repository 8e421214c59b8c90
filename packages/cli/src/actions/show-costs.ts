import { ConfigError, unknownNameMessage } from '@attune/base';
import type { FineTuningMethod, Formulation } from '@attune/core';
import {
  type Budget,
  type CostRow,
  costNotes,
  costOfStep,
  costTable,
  findHardware,
  readModel,
  type StepRequest,
} from '@attune/cost';
import { catalog } from '../catalog.ts';
import { parseSettingFlags, parseSettings, settingsOf } from './method-settings.ts';

/** Which steps are costed: model, methods, size of the batch. `dropout` is a rate, `length` counts tokens. */
export interface CostFlags {
  readonly model: string;
  readonly method?: string;
  readonly settings?: string;
  readonly batch: number;
  readonly length: number;
  readonly dropout?: number;
  readonly hardware?: string;
  readonly examples?: number;
}

const formulations: readonly Formulation[] = ['head', 'cloze'];

/**
 * The lines of `attune cost`: a table of every method, or of one, what it means, and why some method has no row.
 *
 * @param settingFlags  arguments that are the method's settings, `--rank 8`
 * @throws ConfigError for anything that cannot be used
 */
export async function showCosts(flags: CostFlags, settingFlags: readonly string[]): Promise<string[]> {
  const methods = chosenMethods(flags, settingFlags);
  const model = await readModel(flags.model, catalog.models);
  const budget = await budgetOf(flags);
  const { batch: batchSize, length, dropout } = flags;
  const priced = methods.flatMap(({ method, settings }) =>
    formulations.map((formulation) => {
      const request = { model, method, settings, formulation, batchSize, length };
      return priceOf(dropout === undefined ? request : { ...request, dropout });
    }),
  );
  const rows = priced.filter((each): each is CostRow => !(each instanceof ConfigError));
  const refused = priced.filter((each): each is ConfigError => each instanceof ConfigError);
  if (rows.length === 0 && refused[0] !== undefined) throw refused[0];
  const reasons = new Set(refused.map(({ message }) => `Left out: ${message}.`));
  return [...costTable(rows, budget), '', ...costNotes(budget), ...reasons];
}

/** A row of the table, or why there is none. */
function priceOf(request: StepRequest): CostRow | ConfigError {
  try {
    return { method: request.method.name, formulation: request.formulation, cost: costOfStep(request) };
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

interface Chosen {
  readonly method: FineTuningMethod;
  readonly settings: unknown;
}

function chosenMethods({ method: name, settings: text }: CostFlags, settingFlags: readonly string[]): Chosen[] {
  const given = { ...(text === undefined ? {} : parseSettings(text)), ...parseSettingFlags(settingFlags) };
  const known = catalog.methods;
  if (name === undefined) {
    const first = Object.keys(given)[0];
    if (first === undefined) return known.map((method) => ({ method, settings: settingsOf(method, {}) }));
    throw new ConfigError(`setting "${first}": settings are one method's; name it with --method`);
  }
  const method = known.find((candidate) => candidate.name === name);
  if (method !== undefined) return [{ method, settings: settingsOf(method, given) }];
  const names = known.map((candidate) => candidate.name);
  throw new ConfigError(`--method: ${unknownNameMessage('method', name, names)}`);
}

async function budgetOf({ hardware, batch: batchSize, examples }: CostFlags): Promise<Budget | undefined> {
  if (hardware !== undefined) {
    const found = await findHardware(hardware);
    return { hardware: found, batchSize, ...(examples === undefined ? {} : { examples }) };
  }
  if (examples === undefined) return undefined;
  throw new ConfigError('--examples: an epoch takes time on some hardware; name it with --hardware');
}
