import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, ownValue, type Problems } from '@attune/base';
import { displayPath } from '@attune/base/node';
import { parseHubId } from '@attune/checkpoints';
import { type DownloadListener, locateModel } from '@attune/checkpoints/node';
import { checkModelDirectory } from './check-experiment.ts';
import type { ResolvedExperiment, ResolvedModel, RunOptions } from './resolved.ts';

/** Where the models of an experiment are looked for. */
interface LocateCall {
  /** Relative directories start here. */
  readonly baseDirectory: string;
  readonly options?: RunOptions;
  readonly onDownload?: DownloadListener | undefined;
}

/**
 * Absolute directories of models that are named by a directory or by an id of the hub, from where they are downloaded.
 * What cannot be found or lacks files is a problem, and left as it is.
 */
export async function locateModels(
  models: readonly ResolvedModel[],
  call: LocateCall,
  problems: Problems,
): Promise<ResolvedModel[]> {
  const located: ResolvedModel[] = [];
  for (const model of models) {
    const directory = resolve(call.baseDirectory, model.directory);
    const isHubId = !existsSync(directory) && parseHubId(model.directory) !== undefined;
    const found = isHubId ? await fromHub(model, call, problems) : { ...model, directory };
    if (!isHubId) await checkModelDirectory(found, model.directory, problems);
    located.push(found);
  }
  return located;
}

/** By the id as the experiment has it: the commit that it stood for. */
export function hubCommits({ models }: Pick<ResolvedExperiment, 'models'>): Record<string, string> {
  return Object.fromEntries(models.flatMap(({ hub }) => (hub === undefined ? [] : [[hubKey(hub), hub.commit]])));
}

async function fromHub(model: ResolvedModel, call: LocateCall, problems: Problems): Promise<ResolvedModel> {
  const id = parseHubId(model.directory)!;
  const commits = call.options?.hubCommits ?? {};
  const commit = ownValue(commits, hubKey(id)) ?? ownValue(commits, id.repo);
  try {
    const { directory, hub } = await locateModel(commit === undefined ? model.directory : `${id.repo}@${commit}`, {
      baseDirectory: call.baseDirectory,
      ...(call.onDownload === undefined ? {} : { onProgress: call.onDownload }),
    });
    return { ...model, directory, ...(hub === undefined ? {} : { hub: { ...hub, revision: id.revision } }) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const shown = displayPath(resolve(call.baseDirectory, model.directory));
    problems.add(`models.${model.name}`, `${shown}: no such folder; as an id of the hub: ${error.message}`);
    return model;
  }
}

function hubKey({ repo, revision }: { readonly repo: string; readonly revision: string }): string {
  return `${repo}@${revision}`;
}
