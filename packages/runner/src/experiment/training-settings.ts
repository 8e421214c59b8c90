import { type TrialConfig, trialConfigSchema } from '@attune/records';

export type TrainingSettings = TrialConfig['training'];

export const trainingSchema = trialConfigSchema.shape.training;
export const trainingOverridesSchema = trainingSchema.partial();

/** Fine-tuning's usual values for small encoders (Devlin et al. 2019, appendix A.3, and the authors' code). */
export const defaultTraining: TrainingSettings = {
  learningRate: 5e-5,
  batchSize: 16,
  epochs: 3,
  warmupRatio: 0.1,
  weightDecay: 0.01,
  maxGradientNorm: 1,
  l1: 0,
  l2: 0,
  maxLength: 128,
  evaluationsPerEpoch: 1,
};
