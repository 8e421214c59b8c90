import type { Trial } from '../trial/expand-trials.ts';

/** Trials that differ in the seed alone are a group: they run the same compiled steps. */
export function groupOf({ config, arm }: Pick<Trial, 'config' | 'arm'>): string {
  return JSON.stringify([config.task.name, arm, config.model.name]);
}
