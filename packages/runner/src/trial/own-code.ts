import type { Catalog } from '../experiment/catalog.ts';
import type { ResolvedExperiment } from '../experiment/resolved.ts';
import { hashCode } from './hash-code.ts';
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

/** The hash of all code that computes an experiment's trials: see `hashCode`, and `hashOwnCode` for its file's part. */
export async function experimentCode(
  experiment: Pick<ResolvedExperiment, 'name' | 'arms' | 'tasks'>,
  call: {
    readonly catalog: Catalog;
    readonly file: string;
    readonly versions: Readonly<Record<string, string>>;
  },
): Promise<string> {
  const own = await hashOwnCode(experiment, call);
  const versions = own === undefined ? call.versions : { ...call.versions, [experiment.name]: own };
  return hashCode(call.catalog.codeDirectories, versions);
}
