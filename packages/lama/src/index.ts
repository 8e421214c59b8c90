export { type ProbeCall, type ProbeResult, probe, type RelationResult } from './probe.ts';
export { type Fact, parseFacts, parseRelations, type Relation, type RelationProbes } from './probes.ts';
export type { ProbeScores } from './scores.ts';
