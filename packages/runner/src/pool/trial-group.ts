import type { Trial } from '../trial/expand-trials.ts';

/** Trials that differ in the seed alone are a group: they run the same compiled steps. */
export function groupOf({ config }: Trial): string {
  return JSON.stringify([config.task.name, config.method.label, config.model.name]);
}
