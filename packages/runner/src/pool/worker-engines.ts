import { type Engine, type EngineChoice, HoistedValues, type HoistedValuesOptions } from '@attune/engine';
import type { Trial } from '../trial/expand-trials.ts';
import { groupOf } from './trial-queue.ts';

/**
 * Where workers keep hoisted values: what depends on frozen weights and single examples alone. No result depends on it.
 */
export interface Hoisting {
  /** In memory, of all workers together; 1 GiB when absent. The rest goes to files. */
  readonly memoryBytes?: number;
  /** Absolute; the system's for temporary files when absent. */
  readonly directory?: string;
}

/** One worker's share; false: it keeps nothing. */
export type WorkerHoisting = HoistedValuesOptions | false;

const defaultMemoryBytes = 2 ** 30;

/** Equal shares of the memory, the same folder for all: file names have the process's id. */
export function shareHoisting(hoisting: Hoisting | false, workers: number): WorkerHoisting {
  if (hoisting === false) return false;
  const { memoryBytes = defaultMemoryBytes, directory } = hoisting;
  return { memoryBytes: Math.floor(memoryBytes / workers), directory };
}

/** Makes an engine that keeps hoisted values where it is told. */
export type NewEngine = (hoisting: Pick<EngineChoice, 'hoist' | 'hoistedValues'>) => Promise<Engine>;

/**
 * One engine for each group of trials: its seeds share compiled steps, the next group would never use them again.
 * Keeping them would take gigabytes after a few groups and count into the next trials' peak memory. Hoisted values live
 * as long as the task, since another task has other examples.
 */
export class WorkerEngines {
  readonly #create: NewEngine;
  readonly #hoisting: WorkerHoisting;
  #current: { readonly group: string; readonly engine: Engine } | undefined;
  #hoisted: { readonly task: string; readonly values: HoistedValues } | undefined;

  constructor(create: NewEngine, hoisting: WorkerHoisting) {
    this.#create = create;
    this.#hoisting = hoisting;
  }

  /** The trial's engine; those of earlier groups are disposed by now. */
  async engineFor(trial: Trial): Promise<Engine> {
    const group = groupOf(trial);
    if (this.#current?.group === group) return this.#current.engine;
    await this.#current?.engine.dispose();
    this.#current = undefined;
    const hoisting = this.#hoisting;
    const engine = await this.#create(
      hoisting === false ? { hoist: false } : { hoistedValues: this.#valuesFor(trial.config.task.name, hoisting) },
    );
    this.#current = { group, engine };
    return engine;
  }

  #valuesFor(task: string, hoisting: Exclude<WorkerHoisting, false>): HoistedValues {
    if (this.#hoisted?.task === task) return this.#hoisted.values;
    this.#hoisted?.values.dispose();
    this.#hoisted = { task, values: new HoistedValues(hoisting) };
    return this.#hoisted.values;
  }
}
