export { parseHubId } from './hub-id.ts';
export { readSafetensors, type Safetensors } from './read-safetensors.ts';
export { safetensorsBytes, writeSafetensors } from './write-safetensors.ts';
