export { type ProbeCall, type ProbeResult, probe } from './probe.ts';
export { type Fact, type Relation, type RelationProbes, readProbes } from './read-probes.ts';
export type { ProbeScores } from './scores.ts';
