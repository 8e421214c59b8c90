export { type ProbeResult, probe, type Ranking, rankings } from './probe.ts';
export type { ProbeScores } from './scores.ts';
