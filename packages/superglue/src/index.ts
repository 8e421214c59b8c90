import type { Task } from '@attune/core';
import { axb } from './tasks/axb.ts';
import { axg } from './tasks/axg.ts';
import { boolq, boolqPatterns } from './tasks/boolq.ts';
import { cb, cbPatterns } from './tasks/cb.ts';
import { copa, copaPatterns } from './tasks/copa.ts';
import { multirc, multircPatterns } from './tasks/multirc.ts';
import { record, recordPatterns } from './tasks/record.ts';
import { rte, rtePatterns } from './tasks/rte.ts';
import { wic, wicPatterns } from './tasks/wic.ts';
import { wsc, wscPatterns } from './tasks/wsc.ts';
import type { Patterns } from './template/pattern.ts';

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
export type { BoolqRow } from './tasks/boolq.ts';
export type { CbRow } from './tasks/cb.ts';
export type { CopaRow } from './tasks/copa.ts';
export type { MultircRow } from './tasks/multirc.ts';
export type { RecordRow } from './tasks/record-row.ts';
export type { RteRow } from './tasks/rte.ts';
export type { WicRow } from './tasks/wic.ts';
export type { WscRow } from './tasks/wsc-row.ts';
export type { Pattern, Patterns } from './template/pattern.ts';
export { axb, axg, boolq, cb, copa, multirc, record, rte, wic, wsc };

/** The eight tasks of SuperGLUE in reporting order. */
export const superglueTasks: readonly Task[] = [boolq, cb, copa, multirc, record, rte, wic, wsc];

/** The two diagnostics: entailments with no training rows of their own, which do not count in the mean. */
export const diagnosticTasks: readonly Task[] = [axb, axg];

/** Each task's patterns by name, the default first. */
export const supergluePatterns: Readonly<Record<string, Patterns>> = {
  boolq: boolqPatterns,
  cb: cbPatterns,
  copa: copaPatterns,
  multirc: multircPatterns,
  record: recordPatterns,
  rte: rtePatterns,
  wic: wicPatterns,
  wsc: wscPatterns,
  axb: rtePatterns,
  axg: rtePatterns,
};
