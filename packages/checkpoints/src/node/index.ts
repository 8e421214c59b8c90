export type { DownloadListener } from './hub/fetch-model.ts';
export {
  type HubSource,
  type LoadedModel,
  loadModel,
  loadModelDirectory,
  locateModel,
  requireVocabulary,
} from './load-model.ts';
export { checkpointFiles, missingCheckpointFiles } from './read-directory.ts';
export { readSafetensorsFile, writeSafetensorsFile } from './safetensors-file.ts';
export { saveModelDirectory } from './save-model-directory.ts';
