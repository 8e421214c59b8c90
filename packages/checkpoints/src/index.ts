export { watchAllocations } from '../test/fuzz/allocations.ts';
export { runCase, targetFolder } from '../test/fuzz/run-case.ts';
export { fuzzTargets } from '../test/fuzz/targets.ts';
export { parseHubId } from './hub-id.ts';
export { readSafetensors, type Safetensors } from './read-safetensors.ts';
export { safetensorsBytes, writeSafetensors } from './write-safetensors.ts';
