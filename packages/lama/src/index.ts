export { type ProbeCall, type ProbeResult, probe, type RelationResult } from './probe.ts';
export { type Fact, type Relation, type RelationProbes, readProbes } from './read-probes.ts';
export type { ProbeScores } from './scores.ts';
