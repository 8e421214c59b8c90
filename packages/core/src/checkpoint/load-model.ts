import { type LoadedModel, type LoadOptions, loadModelDirectory } from './load-model-directory.ts';
import { type HubSource, type LocateOptions, locateModel } from './locate-model.ts';

/**
 * A model by its directory or its id on the hub: `locateModel`, then `loadModelDirectory`. The notes tell the commit.
 *
 * @throws ConfigError as the two do
 */
export async function loadModel(
  idOrDirectory: string,
  options: LoadOptions & LocateOptions = {},
): Promise<LoadedModel & { readonly hub?: HubSource }> {
  const { directory, hub } = await locateModel(idOrDirectory, options);
  const loaded = await loadModelDirectory(directory, options);
  if (hub === undefined) return loaded;
  return { ...loaded, hub, notes: [`${hub.repo} at commit ${hub.commit}`, ...loaded.notes] };
}
