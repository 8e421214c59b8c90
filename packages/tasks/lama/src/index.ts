export { type ProbeResult, probe, type Ranking } from './probe.ts';
export type { ProbeScores } from './scores.ts';
