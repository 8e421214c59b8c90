import { lstat, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { getRepoFolderName } from '@huggingface/hub';
import { writeAtomically } from '../write-atomically.ts';
import { type HubId, isCommit } from './hub-id.ts';

/** One model in the cache that all of Hugging Face's libraries share: blobs by hash, snapshots that link to them. */
export class HubCache {
  readonly #folder: string;

  constructor(cacheDirectory: string, repo: string) {
    this.#folder = join(cacheDirectory, getRepoFolderName({ type: 'model', name: repo }));
  }

  snapshot(commit: string): string {
    return join(this.#folder, 'snapshots', commit);
  }

  blob(hash: string): string {
    return join(this.#folder, 'blobs', hash);
  }

  /** The commit that a revision stood for when it was last looked up. */
  async commitOf({ revision }: HubId): Promise<string | undefined> {
    if (isCommit(revision)) return revision;
    const text = await readFile(join(this.#folder, 'refs', revision), 'utf8').catch(() => '');
    return isCommit(text.trim()) ? text.trim() : undefined;
  }

  async remember({ revision }: HubId, commit: string): Promise<void> {
    if (!isCommit(revision)) await writeAtomically(join(this.#folder, 'refs', revision), commit);
  }

  /** Puts a blob into a snapshot under its file's name. */
  async link(hash: string, commit: string, name: string): Promise<void> {
    const path = join(this.snapshot(commit), name);
    if ((await lstat(path).catch(() => undefined)) !== undefined) return;
    await mkdir(dirname(path), { recursive: true });
    await symlink(relative(dirname(path), this.blob(hash)), path);
  }
}
