export { type ProbeResult, probe } from './probe.ts';
export type { ProbeScores } from './scores.ts';
