export type { DownloadListener } from './hub/fetch-model.ts';
export {
  type HubSource,
  type LoadedModel,
  type LoadOptions,
  type LocatedModel,
  type LocateOptions,
  loadModel,
  loadModelDirectory,
  locateModel,
  requireVocabulary,
} from './load-model.ts';
export { checkpointFiles, missingCheckpointFiles } from './read-directory.ts';
export { readSafetensorsFile, writeSafetensorsFile } from './safetensors-file.ts';
export { type SavedModel, type SaveOptions, saveModelDirectory } from './save-model-directory.ts';
