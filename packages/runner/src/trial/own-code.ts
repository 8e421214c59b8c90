import type { Catalog } from '../experiment/catalog.ts';
import type { ResolvedExperiment } from '../experiment/resolved.ts';
import { hashFiles } from './hash-files.ts';

/**
 * sha256 of the experiment's file where it brings methods or tasks that are not the catalog's, whose code nothing else
 * hashes; undefined where it brings none, so that a new seed does not change the keys of the others. Code that the
 * file imports is not seen: keep such a method or task in the file itself, or list it in the catalog.
 */
export async function hashOwnCode(
  { arms, tasks }: Pick<ResolvedExperiment, 'arms' | 'tasks'>,
  { catalog, file }: { readonly catalog: Pick<Catalog, 'methods' | 'tasks'>; readonly file: string },
): Promise<string | undefined> {
  const isListed =
    arms.every(({ method }) => catalog.methods.includes(method)) && tasks.every((task) => catalog.tasks.includes(task));
  return isListed ? undefined : hashFiles([file]);
}
