export { canonicalJson, contentHash, isSealed, sealed, sha256 } from './canonical-json.ts';
export {
  type ExperimentRecord,
  experimentRecordSchema,
  type ListedTrial,
  listedName,
  listedTrialSchema,
  mergeListings,
} from './experiment-record.ts';
export {
  type Answer,
  type PackedPredictions,
  packedPredictionsSchema,
  packPredictions,
  parseScores,
  scoresText,
  unpackPredictions,
} from './predictions.ts';
export { type Proof, proofSchema } from './proof.ts';
export { claimedKey, parseExperimentRecord, parseTrialRecord, type Read, recordText } from './record-file.ts';
export {
  hashSchema,
  recordFileName,
  sameResults,
  type TrialConfig,
  type TrialRecord,
  trialConfigSchema,
  trialKey,
  trialRecordSchema,
  trialRunSchema,
} from './trial-record.ts';
