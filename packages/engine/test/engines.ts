import { describe } from 'vitest';
import type { Engine } from '../src/contract.ts';
import { availableEngines, type EngineChoice, selectEngine } from '../src/select-engine.ts';

/** An engine, on one of its devices, that the same tests run on wherever it loads. */
interface TestedEngine {
  readonly name: string;
  readonly device: string;
  readonly create: () => Promise<Engine>;
  /** Why its tests are skipped here. */
  readonly reason?: string;
}

export const testedEngines = (await availableEngines()).flatMap(({ name, device = '', available, reason, devices }) => {
  const choices = available && devices !== undefined ? devices : [{ name: device, available, reason }];
  return choices.map((choice): TestedEngine => {
    const wanted: EngineChoice = choice.name === '' ? { name } : { name, device: choice.name };
    const why = choice.available ? {} : { reason: choice.reason ?? 'no reason given' };
    return { name, device: choice.name, create: () => selectEngine(wanted), ...why };
  });
});

/**
 * Defines tests once for each engine and device. Those that cannot run here are skipped, and the reason is printed:
 * reporters hide the titles of skipped tests.
 */
export function describeEngines(
  define: (engine: TestedEngine) => void,
  isMeant: (engine: TestedEngine) => boolean = () => true,
): void {
  for (const engine of testedEngines.filter(isMeant)) {
    const { name, device, reason } = engine;
    const label = device === '' || device === 'cpu' ? name : `${name} on ${device}`;
    if (reason !== undefined) console.info(`skipped: ${label}: ${reason}`);
    describe.skipIf(reason !== undefined)(reason === undefined ? label : `${label}: ${reason}`, () => define(engine));
  }
}
