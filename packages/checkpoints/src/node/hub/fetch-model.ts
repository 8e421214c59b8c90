import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@attune/base';
import { type HubId, isCommit } from '../../hub-id.ts';
import { checkpointFiles } from '../read-directory.ts';
import { preferredWeightsFile, readWeightsIndex } from '../weights/weights-file.ts';
import { withLock } from './blob-lock.ts';
import { isSound } from './content-hash.ts';
import { downloadBlob } from './download-blob.ts';
import { HubCache, type HubSettings } from './hub-cache.ts';
import { type HubFile, type HubRepository, lookUpRepository } from './hub-repository.ts';

/** How far a file of the hub is. */
interface DownloadProgress {
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
  /** Who downloads the file instead, while that is waited for. */
  readonly waitingFor?: string;
}

/** Called after every part of a file that arrives, with bytes so far and in all, and while another process downloads. */
export type DownloadListener = (progress: DownloadProgress) => void;

/** Which model to fetch, how much of it, and from which hub into which cache. */
interface FetchCall {
  readonly id: HubId;
  readonly settings: HubSettings;
  /** 'config' fetches config.json alone: enough to cost a model. */
  readonly parts: 'model' | 'config';
  readonly onProgress?: DownloadListener | undefined;
}

interface FetchedModel {
  /** The snapshot in the cache: a model directory. */
  readonly directory: string;
  readonly commit: string;
}

const smallFiles = [
  ...['config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json'],
  ...['vocab.txt', 'vocab.json', 'merges.txt'],
];

/**
 * A model of the hub as a directory of the shared cache. The revision is pinned to a commit first; a commit that is in
 * the cache needs no connection.
 *
 * @throws ConfigError when it is not to be had, or the disk is full
 */
export async function fetchModel(call: FetchCall): Promise<FetchedModel> {
  const { id, settings, parts } = call;
  const cache = new HubCache(settings.cacheDirectory, id.repo);
  const known = await cache.commitOf(id);
  if (known !== undefined && (settings.offline || isCommit(id.revision))) {
    const directory = cache.snapshot(known);
    const damaged = await damagedBlobs(cache, directory, parts);
    if (damaged?.length === 0) return { directory, commit: known };
    if (damaged !== undefined && settings.offline) throw damagedCache(id, damaged);
  }
  if (settings.offline) {
    const shown = known === undefined ? 'not in the cache' : `the cache has only a part of commit ${known}`;
    throw new ConfigError(`${id.repo}@${id.revision}: ${shown} (${settings.cacheDirectory}), and this is offline`);
  }
  const repository = await lookUpRepository(id, settings);
  await downloadFiles({ ...call, cache, repository });
  await cache.remember(id, repository.commit);
  return { directory: cache.snapshot(repository.commit), commit: repository.commit };
}

/** Blobs of a snapshot whose content is not what it was; undefined when the snapshot is not whole. */
async function damagedBlobs(
  cache: HubCache,
  directory: string,
  parts: FetchCall['parts'],
): Promise<readonly string[] | undefined> {
  const files =
    parts === 'config' ? [join(directory, 'config.json')] : await checkpointFiles(directory).catch(() => []);
  // Links whose blobs were removed are in the directory, too.
  if (files.length === 0 || !files.every((file) => existsSync(file))) return undefined;
  const damaged: string[] = [];
  for (const file of files) {
    const hash = await cache.hashOf(file);
    if (hash !== undefined && !(await isSound(cache.blob(hash), hash))) damaged.push(cache.blob(hash));
  }
  return damaged;
}

function damagedCache({ repo, revision }: HubId, blobs: readonly string[]): ConfigError {
  return new ConfigError(
    `${repo}@${revision}: ${blobs.join(', ')}: the content is not what its name says: it was damaged in the cache, and ` +
      'this is offline; go online to download it again',
  );
}

interface DownloadAll extends FetchCall {
  readonly cache: HubCache;
  readonly repository: HubRepository;
}

async function downloadFiles(call: DownloadAll): Promise<void> {
  const { id, cache, repository, parts, settings } = call;
  const byName = new Map(repository.files.map((file) => [file.name, file]));
  const where = `${id.repo}@${repository.commit} on ${settings.endpoint}`;
  const download = async (name: string) => {
    const file = byName.get(name);
    if (file === undefined) {
      throw new ConfigError(`${where}: no ${JSON.stringify(name)}; it has ${[...byName.keys()].join(', ')}`);
    }
    await downloadFile(call, file);
  };
  if (parts === 'config') return download('config.json');
  const weights = preferredWeightsFile([...byName.keys()]);
  if (weights === undefined) throw new ConfigError(`${where}: no weights; it has ${[...byName.keys()].join(', ')}`);
  for (const name of smallFiles.filter((file) => byName.has(file))) await download(name);
  await download(weights);
  if (!weights.endsWith('.index.json')) return;
  const { shards } = await readWeightsIndex(join(cache.snapshot(repository.commit), weights));
  for (const shard of shards) await download(shard);
}

async function downloadFile({ id, cache, repository, settings, onProgress }: DownloadAll, file: HubFile) {
  const { name, size: totalBytes, hash } = file;
  const path = cache.blob(hash);
  const { token, stallMs } = settings;
  const url = `${settings.endpoint}/${id.repo}/resolve/${repository.commit}/${encodeURIComponent(name)}`;
  const onBytes = (receivedBytes: number) => onProgress?.({ file: name, receivedBytes, totalBytes });
  const onWait = (waitingFor: string) => onProgress?.({ file: name, receivedBytes: 0, totalBytes, waitingFor });
  if (!(await isSound(path, hash))) {
    await withLock(cache.lock(hash), onWait, async () => {
      // Another process may have been at it until now.
      if (await isSound(path, hash)) return;
      await rm(path, { force: true });
      await downloadBlob({ url, token, file, path, stallMs, onBytes });
    });
  }
  await cache.link(hash, repository.commit, name);
}
