export { type ProbeCall, type ProbeResult, probe } from './probe.ts';
export { type Fact, parseFacts, parseRelations, type Relation, type RelationProbes } from './probes.ts';
export type { ProbeScores } from './scores.ts';
