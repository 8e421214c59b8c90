import { type Engine, selectEngine } from '@attune/engine';

/**
 * Flags of commands that calculate: which engine, on which device, with how many threads. What is absent is chosen by
 * what the machine has.
 */
export interface EngineFlags {
  readonly engine?: string;
  readonly device?: string;
  readonly threads?: number;
}

/** The engine that the flags name; chosen by what the machine has when they name none. */
export function openEngine({ engine: name, device, threads }: EngineFlags): Promise<Engine> {
  return selectEngine({
    ...(name === undefined ? {} : { name }),
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
  });
}
