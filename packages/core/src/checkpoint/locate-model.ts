import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import { type DownloadListener, fetchModel } from './hub/fetch-model.ts';
import { parseHubId } from './hub/hub-id.ts';
import { type HubSettings, hubSettings } from './hub/hub-settings.ts';

/** Where a model comes from on the hub, pinned. */
export interface HubSource {
  /** `owner/name` */
  readonly repo: string;
  /** What was asked for. */
  readonly revision: string;
  readonly commit: string;
}

export interface LocatedModel {
  readonly directory: string;
  /** Absent for a directory. */
  readonly hub?: HubSource;
}

export interface LocateOptions {
  /** Relative directories start here; the working directory when absent. */
  readonly baseDirectory?: string;
  /** From the environment when absent, see `hubSettings`. */
  readonly settings?: HubSettings;
  /** 'config' is enough where no weights are read; 'model' when absent. */
  readonly parts?: 'model' | 'config';
  readonly onProgress?: DownloadListener;
}

/**
 * The directory of a model that is named by its directory, or by its id on the hub (`owner/name`, `owner/name@revision`),
 * from where it is downloaded into the cache that Hugging Face's libraries share. What is a directory here is taken as one.
 *
 * @throws ConfigError when it is neither, or the hub does not have it
 */
export async function locateModel(idOrDirectory: string, options: LocateOptions = {}): Promise<LocatedModel> {
  const directory = resolve(options.baseDirectory ?? '', idOrDirectory);
  if ((await stat(directory).catch(() => undefined)) !== undefined) return { directory };
  const id = parseHubId(idOrDirectory);
  if (id === undefined) {
    throw new ConfigError(`${directory}: no such folder; expected a model directory, or an id of the hub: owner/name`);
  }
  const { settings = hubSettings(), parts = 'model', onProgress } = options;
  const fetched = await fetchModel({ id, settings, parts, onProgress });
  return { directory: fetched.directory, hub: { ...id, commit: fetched.commit } };
}
