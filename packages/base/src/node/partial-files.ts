import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files that writers (`writeAtomically`) had not finished at some moment, and what each was like then. */
export type PartialFiles = ReadonlyMap<string, string>;

/** The unfinished files in some folders; none in a folder that is not there. */
export async function findPartialFiles(folders: readonly string[]): Promise<PartialFiles> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!/\.[0-9a-f]{12}\.partial$/.test(name)) continue;
      const state = await stateOf(join(folder, name));
      if (state !== undefined) found.set(join(folder, name), state);
    }
  }
  return found;
}

/**
 * Removes the files that are still as they were: whoever wrote them is gone, killed in the middle. The caller lets the
 * time of some work pass between the two calls, since no clock can be asked: the files may lie on another machine.
 */
export async function removeStillPartial(files: PartialFiles): Promise<void> {
  for (const [file, state] of files) {
    if ((await stateOf(file)) === state) await rm(file, { force: true }).catch(() => {});
  }
}

function stateOf(file: string): Promise<string | undefined> {
  return stat(file).then(
    ({ size, mtimeMs, ino }) => [size, mtimeMs, ino].join(),
    () => undefined,
  );
}
