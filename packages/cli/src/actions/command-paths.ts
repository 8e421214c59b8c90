import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ownValue } from '@attune/base';
import { catalog } from '../catalog.ts';

/** Where the reports of experiments go that are given no folder: beside the user's other work, not the command's code. */
export const reportsFolder = (): string => resolve('reports');

/**
 * A path of the command that made a report. Commands name paths from where they were given: the working directory, or
 * the folder that has `reports/<experiment>` in it.
 *
 * @param output  the report's folder
 */
export function pathOfCommand(path: string, output: string): string {
  const here = resolve(path);
  const besideReports = resolve(output, '../..', path);
  return !existsSync(here) && existsSync(besideReports) ? besideReports : here;
}

/** Data as the command of a report names it: a path, or the catalog's name. */
export function dataOfCommand(data: string, output: string): string {
  return ownValue(catalog.data ?? {}, data) === undefined ? pathOfCommand(data, output) : data;
}

/** A folder that an option names, or one in the catalog's data: `built-in-world/lama/stated`. */
export function dataFolder(given: string): string {
  const [name = '', ...inside] = given.split('/');
  const known = ownValue(catalog.data ?? {}, name);
  return known === undefined ? given : join(known, ...inside);
}
