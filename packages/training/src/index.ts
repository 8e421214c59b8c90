export { createInference, type Inference, type InferenceCall, type InferenceTokens } from './inference/inference.ts';
export { inferenceBatch, inferenceIds, readLogits } from './inference/inference-batch.ts';
export { fineTune } from './loop/fine-tune.ts';
export type { Best, CurvePoint, FineTuneCall, FineTuned, Progress, Selection } from './loop/fine-tuned.ts';
export {
  type FirstSteps,
  type Rehearsal,
  type RehearsedStep,
  rehearse,
  replaySelection,
  runFirstSteps,
} from './loop/rehearsal.ts';
export { type ParameterPlan, planParameters } from './loop/session.ts';
export { sequencesOf } from './loop/timetable.ts';
export {
  type EvaluateModelCall,
  evaluateModel,
  evaluateTrained,
  type TrainedModelCall,
  trainedParameters,
} from './loop/trained-model.ts';
export { evaluationStep, fillDropoutMask, type StepCall, trainingStep } from './loop/training-step.ts';
export { createObjective, type ObjectiveSettings } from './objectives/create-objective.ts';
export { greedyFill } from './objectives/fill.ts';
export { type BatchShape, type Objective, type ObjectiveCall, paddingOf } from './objectives/objective.ts';
export {
  adamWScalars,
  adamWUpdate,
  clipGradients,
  constantSchedule,
  initialMoments,
  linearSchedule,
  momentShapes,
  penalty,
  type Schedule,
} from './optimizer.ts';
export { type MaskedLanguageModelCall, maskedLanguageModelInstances } from './pretraining/language-model-instances.ts';
export {
  type LossPoint,
  type PretrainCall,
  type Pretrained,
  type PretrainingProgress,
  pretrain,
} from './pretraining/pretrain.ts';
export { type PretrainingRecipe, parsePretrainingRecipe } from './pretraining/recipe.ts';
