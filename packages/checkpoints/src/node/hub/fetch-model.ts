import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ConfigError } from '@attune/base';
import { type HubId, isCommit } from '../../hub-id.ts';
import { checkpointFiles } from '../read-directory.ts';
import { preferredWeightsFile, readWeightsIndex } from '../weights/weights-file.ts';
import { downloadBlob } from './download-blob.ts';
import { HubCache, type HubSettings } from './hub-cache.ts';
import { type HubFile, type HubRepository, lookUpRepository } from './hub-repository.ts';

/** Called after every part of a file that arrives, with bytes so far and in all. */
export type DownloadListener = (progress: {
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}) => void;

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
    if (await isWhole(directory, parts)) return { directory, commit: known };
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

async function isWhole(directory: string, parts: FetchCall['parts']): Promise<boolean> {
  const files =
    parts === 'config' ? [join(directory, 'config.json')] : await checkpointFiles(directory).catch(() => []);
  // Links whose blobs were removed are in the directory, too.
  const found = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return found.length > 0 && found.every((stats) => stats !== undefined);
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
    if (file === undefined) throw new ConfigError(`${where}: no ${name}; it has ${[...byName.keys()].join(', ')}`);
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
  const { name, size, hash } = file;
  if (name !== basename(name) || !/^[0-9a-f]{40,64}$/.test(hash)) {
    throw new ConfigError(`${id.repo}: the hub's list of files has ${JSON.stringify(name)} with hash ${hash}`);
  }
  const path = cache.blob(hash);
  if ((await stat(path).catch(() => undefined)) === undefined) {
    const url = `${settings.endpoint}/${id.repo}/resolve/${repository.commit}/${encodeURIComponent(name)}`;
    const onBytes = (receivedBytes: number) => onProgress?.({ file: name, receivedBytes, totalBytes: size });
    await downloadBlob({ url, token: settings.token, file, path, onBytes });
  }
  await cache.link(hash, repository.commit, name);
}
