import { readlink, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { ConfigError } from '@attune/base';
import { makeFolder, readText, writeAtomically } from '@attune/base/node';
import { getHFHubCachePath, getRepoFolderName, HUB_URL } from '@huggingface/hub';
import { type HubId, isCommit } from '../../hub-id.ts';

/**
 * Which hub is asked, as whom, and where its files are kept; each field names the environment variable that sets it.
 */
export interface HubSettings {
  /** HF_ENDPOINT: another hub with the same interface. */
  readonly endpoint: string;
  /** HF_TOKEN: for private and gated models. */
  readonly token?: string;
  /** HF_HUB_OFFLINE: only what the cache has. */
  readonly offline: boolean;
  /** HF_HUB_CACHE, or hub/ in HF_HOME, or ~/.cache/huggingface/hub: shared with the Python libraries. */
  readonly cacheDirectory: string;
  /** HF_HUB_DOWNLOAD_TIMEOUT, in seconds there: after this time without a byte a connection counts as broken. */
  readonly stallMs: number;
}

/** A SHA-256, or git's hash. */
export const blobName = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

const yes = /^(1|on|yes|true)$/i;

/**
 * The variables that Hugging Face's own libraries read.
 *
 * @throws ConfigError for an endpoint or a token that cannot be one
 */
export function hubSettings(env: NodeJS.ProcessEnv = process.env): HubSettings {
  const { HF_ENDPOINT: endpoint = HUB_URL, HF_TOKEN: token, HF_HUB_OFFLINE: offline = '' } = env;
  const { HF_HUB_DOWNLOAD_TIMEOUT: seconds = '10' } = env;
  if (!URL.canParse(endpoint)) throw new ConfigError(`HF_ENDPOINT: expected a URL, got ${JSON.stringify(endpoint)}`);
  if (token !== undefined && !token.startsWith('hf_')) {
    throw new ConfigError('HF_TOKEN: expected a token that begins with hf_, got something else');
  }
  if (!(Number(seconds) > 0 && Number(seconds) <= 3600)) {
    throw new ConfigError(
      `HF_HUB_DOWNLOAD_TIMEOUT: expected seconds, more than 0 and at most 3600, got ${JSON.stringify(seconds)}`,
    );
  }
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    ...(token === undefined ? {} : { token }),
    offline: yes.test(offline),
    cacheDirectory: getHFHubCachePath(),
    stallMs: 1000 * Number(seconds),
  };
}

/** One model in the cache that all of Hugging Face's libraries share: blobs by hash, snapshots that link to them. */
export class HubCache {
  readonly #folder: string;
  readonly #locks: string;

  constructor(cacheDirectory: string, repo: string) {
    const name = getRepoFolderName({ type: 'model', name: repo });
    this.#folder = join(cacheDirectory, name);
    this.#locks = join(cacheDirectory, '.locks', name);
  }

  snapshot(commit: string): string {
    return join(this.#folder, 'snapshots', commit);
  }

  blob(hash: string): string {
    return join(this.#folder, 'blobs', hash);
  }

  /** The lock of a blob, beside the reference's, which are of another kind. */
  lock(hash: string): string {
    return join(this.#locks, `${hash}.attune.lock`);
  }

  /** The hash of a snapshot's file, where it is a link to a blob of that name; undefined for any other file. */
  async hashOf(file: string): Promise<string | undefined> {
    const hash = basename(await readlink(file).catch(() => ''));
    return blobName.test(hash) ? hash : undefined;
  }

  /** The commit that a revision stood for when it was last looked up. */
  async commitOf({ revision }: HubId): Promise<string | undefined> {
    if (isCommit(revision)) return revision;
    const text = await readText(join(this.#folder, 'refs', revision)).catch(() => '');
    return isCommit(text.trim()) ? text.trim() : undefined;
  }

  async remember({ revision }: HubId, commit: string): Promise<void> {
    if (!isCommit(revision)) await writeAtomically(join(this.#folder, 'refs', revision), commit);
  }

  /** Puts a blob into a snapshot under its file's name. */
  async link(hash: string, commit: string, name: string): Promise<void> {
    const path = join(this.snapshot(commit), name);
    const target = relative(dirname(path), this.blob(hash));
    await makeFolder(dirname(path));
    await symlink(target, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      const present = await readlink(path).catch(() => undefined);
      if (present === undefined || present === target) return;
      await rm(path);
      await symlink(target, path);
    });
  }
}
