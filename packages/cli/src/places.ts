import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** A package of which nothing is imported, or of which the folder is wanted. */
const resolved = (specifier: string) => createRequire(import.meta.url).resolve(specifier);

/** The root of the repository that this is the code of; undefined where the packages were installed. */
export const repository = existsSync(fromHere('../src/places.ts')) ? fromHere('../../../') : undefined;

/** The folder with the built-in world and the checkpoints: the repository's, or that of the installed package. */
export const datasets =
  repository === undefined ? dirname(resolved('@attune/datasets/package.json')) : join(repository, 'datasets');

/**
 * Where the code of a package is loaded from.
 *
 * @param place  its folder under `packages/`, e.g. `methods/lora`
 */
export function codeDirectory(place: string): string {
  if (repository === undefined) return dirname(resolved(`@attune/${basename(place)}`));
  return join(repository, 'packages', place, import.meta.url.endsWith('.ts') ? 'src' : 'dist');
}
