export { createInference, type Inference, type InferenceTokens } from './inference/inference.ts';
export { inferenceBatch, inferenceIds, readLogits } from './inference/inference-batch.ts';
export { fineTune } from './loop/fine-tune.ts';
export type { FineTuneCall, FineTuned, ParameterPlan, Progress } from './loop/fine-tuned.ts';
export {
  type FirstSteps,
  type Rehearsal,
  type RehearsedStep,
  rehearse,
  replaySelection,
  runFirstSteps,
} from './loop/rehearsal.ts';
export { planParameters } from './loop/session.ts';
export { sequencesOf } from './loop/timetable.ts';
export {
  evaluateModel,
  evaluateTrained,
  trainedParameters,
} from './loop/trained-model.ts';
export { evaluationStep, trainingStep } from './loop/training-step.ts';
export { createObjective } from './objectives/create-objective.ts';
export { greedyFill } from './objectives/fill.ts';
export { type Objective, paddingOf } from './objectives/objective.ts';
export {
  adamWScalars,
  initialMoments,
  momentShapes,
} from './optimizer.ts';
export type { PretrainingProgress } from './pretraining/pretrain.ts';
