import * as all from './tasks/all.ts';
import type { PatternTask } from './tasks/label-task.ts';

/** By name: the language sorts what a module exports. */
const everyTask = Object.values<PatternTask>(all);
const ofBenchmark = (name: string) => everyTask.filter(({ benchmark }) => benchmark === name);

/** The tasks of SuperGLUE's mean in reporting order, which is the order of their names. */
export const superglueTasks: readonly PatternTask[] = ofBenchmark('superglue');

/** SuperGLUE's diagnostics: entailments with no training rows of their own, which do not count in the mean. */
export const diagnosticTasks: readonly PatternTask[] = ofBenchmark('superglue-diagnostics');

/** Every task of this package: SuperGLUE's, its diagnostics, then those of other benchmarks. */
export const tasks: readonly PatternTask[] = [...new Set([...superglueTasks, ...diagnosticTasks, ...everyTask])];
