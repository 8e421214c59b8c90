import * as all from './tasks/all.ts';
import type { PatternTask } from './tasks/label-task.ts';

export { accuracy } from './metrics/accuracy.ts';
export { exactMatch } from './metrics/exact-match.ts';
export { exactMatchByGroup } from './metrics/exact-match-by-group.ts';
export { expectedF1 } from './metrics/expected-f1.ts';
export { f1Answer } from './metrics/f1-answer.ts';
export { f1Macro } from './metrics/f1-macro.ts';
export { f1Token } from './metrics/f1-token.ts';
export { genderParity, minimalPairs } from './metrics/gender-parity.ts';
export { matthewsCorrelation, matthewsFromCounts } from './metrics/matthews-correlation.ts';
export { normalizeAnswer } from './metrics/normalize-answer.ts';
export * from './tasks/all.ts';
export { type LabelTaskSpec, labelTask, type PatternTask } from './tasks/label-task.ts';
export type { RecordRow } from './tasks/record-row.ts';
export type { LabelMetric } from './tasks/scoring.ts';
export type { WscRow } from './tasks/wsc-row.ts';
export { type Pattern, type Patterns, pattern } from './template/pattern.ts';

const of = (benchmark: string) => Object.values<PatternTask>(all).filter((task) => task.benchmark === benchmark);

/** The tasks of SuperGLUE's mean in reporting order, which is the order of their names. */
export const superglueTasks: readonly PatternTask[] = of('superglue');

/** SuperGLUE's diagnostics: entailments with no training rows of their own, which do not count in the mean. */
export const diagnosticTasks: readonly PatternTask[] = of('superglue-diagnostics');

const listed = new Set([...superglueTasks, ...diagnosticTasks]);

/** Every task of this package: SuperGLUE's, its diagnostics, then those of other benchmarks. */
export const tasks: readonly PatternTask[] = [
  ...listed,
  ...Object.values<PatternTask>(all).filter((task) => !listed.has(task)),
];
