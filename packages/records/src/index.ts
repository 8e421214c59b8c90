export { canonicalJson, contentHash, isSealed, sealed } from './canonical-json.ts';
export {
  type ExperimentRecord,
  experimentRecordSchema,
  type ListedTrial,
  listedName,
  mergeListings,
} from './experiment-record.ts';
export { lossesText, parseLosses } from './losses.ts';
export {
  type Answer,
  packPredictions,
  parseScores,
  scoresText,
  unpackPredictions,
} from './predictions.ts';
export type { Proof } from './proof.ts';
export { claimedKey, parseExperimentRecord, parseTrialRecord, type Read, recordText } from './record-file.ts';
export {
  hashSchema,
  recordFileName,
  recordFormat,
  sameResults,
  type TrialConfig,
  type TrialRecord,
  trialConfigSchema,
  trialKey,
  trialRecordSchema,
} from './trial-record.ts';
