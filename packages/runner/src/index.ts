export type { Catalog } from './experiment/catalog.ts';
export { displayPath } from './experiment/check-directories.ts';
export { arm, defineExperiment } from './experiment/definition.ts';
export { type ExperimentSource, loadExperiment } from './experiment/load-experiment.ts';
export { Problems } from './experiment/problems.ts';
export { resolveExperiment } from './experiment/resolve-experiment.ts';
export type {
  ResolvedArm,
  ResolvedExperiment,
  ResolvedModel,
  RunOptions,
  TrialPlan,
} from './experiment/resolved.ts';
export type { ArmDefinition, ArmOptions, ExperimentDefinition } from './experiment/schema.ts';
export type { Hoisting } from './pool/hoisting.ts';
export { barProgress } from './progress/bar-progress.ts';
export { downloadProgress } from './progress/download-progress.ts';
export { lineProgress } from './progress/line-progress.ts';
export { outcomeText, type ProgressListener, trialName } from './progress/progress.ts';
export { formatDuration } from './progress/time-left.ts';
export { type Verified, type VerifyCall, verifyExperiment } from './proof/verify-experiment.ts';
export { type NarrowingOptions, type RunCall, type RunOutcome, runExperiment } from './run-experiment.ts';
export { readScores, scoresFile } from './store/scores-file.ts';
export { readWeights, shortHash } from './store/weights-file.ts';
export { collectEnvironment, type Environment, libraryVersions } from './trial/environment.ts';
export { expandTrials, splitFiles, type Trial, type TrialSurroundings } from './trial/expand-trials.ts';
export { hashCode } from './trial/hash-code.ts';
export { type PrepareCall, type PreparedTrial, prepareTrial } from './trial/prepare-trial.ts';
export { type FinishedTrial, runTrial, type TrialContext } from './trial/run-trial.ts';
export { type TrainCall, type TrainedTrial, trainTrial } from './trial/train-trial.ts';
export { trialKey } from './trial/trial-key.ts';
export { WorkerCaches } from './trial/worker-caches.ts';
