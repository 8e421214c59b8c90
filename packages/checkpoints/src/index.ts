export { type FittedHead, fitHead } from './head/fit-head.ts';
export { parseHubId } from './hub-id.ts';
export { legacyNameHint } from './legacy-names.ts';
export { readSafetensors } from './read-safetensors.ts';
export { safetensorsBytes, writeSafetensors } from './write-safetensors.ts';
