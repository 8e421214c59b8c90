export { readProbes } from './read-probes.ts';
