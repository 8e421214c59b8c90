export { parseHubId } from './checkpoint/hub/hub-id.ts';
export { readSafetensors, type Safetensors } from './checkpoint/read-safetensors.ts';
export { safetensorsBytes, writeSafetensors } from './checkpoint/write-safetensors.ts';
export type * from './contracts/instance.ts';
export type * from './contracts/method.ts';
export type * from './contracts/model.ts';
export type * from './contracts/step-engine.ts';
export type * from './contracts/task.ts';
export type * from './contracts/tensors.ts';
export * from './errors.ts';
export { createInference, type Inference, type InferenceCall, type InferenceTokens } from './inference/inference.ts';
export { inferenceBatch, inferenceIds } from './inference/inference-batch.ts';
export { readLogits } from './inference/read-logits.ts';
export { createBert } from './models/bert/bert.ts';
export { type BertConfig, parseBertConfig } from './models/bert/config.ts';
export { evaluationContext } from './models/evaluation-context.ts';
export { modelFamily } from './models/families.ts';
export { type Gpt2Config, parseGpt2Config } from './models/gpt2/config.ts';
export { createGpt2 } from './models/gpt2/gpt2.ts';
export { dropout } from './models/layers/dropout.ts';
export { gelu } from './models/layers/gelu.ts';
export { layerNorm } from './models/layers/layer-norm.ts';
export { linear } from './models/layers/linear.ts';
export { parameter } from './models/layers/parameter.ts';
export { type LlamaConfig, parseLlamaConfig } from './models/llama/config.ts';
export { createLlama } from './models/llama/llama.ts';
export type { ModelConfig, ModelFamily } from './models/model-family.ts';
export { projectionsNamed, projectionsOfKind } from './models/projections.ts';
export { createObjective, type ObjectiveSettings } from './objectives/create-objective.ts';
export { greedyFill } from './objectives/greedy-fill.ts';
export type { BatchShape, Objective, ObjectiveCall } from './objectives/objective.ts';
export { paddingOf } from './objectives/padding-of.ts';
export { adamWScalars, adamWUpdate, initialMoments, momentShapes } from './optimizers/adamw.ts';
export { clipGradients } from './optimizers/clip-gradients.ts';
export { penalty } from './optimizers/penalties.ts';
export { constantSchedule, linearSchedule, type Schedule } from './optimizers/schedules.ts';
export {
  fromPeftTensors,
  type PeftLayout,
  peftConfigText,
  peftLayout,
  toPeftTensors,
} from './peft/adapter.ts';
export { type MaskedLanguageModelCall, maskedLanguageModelInstances } from './pretraining/masked-language-model.ts';
export {
  type LossPoint,
  type PretrainCall,
  type Pretrained,
  type PretrainingProgress,
  pretrain,
} from './pretraining/pretrain.ts';
export { type PretrainingRecipe, parsePretrainingRecipe } from './pretraining/recipe.ts';
export { randomSource } from './random/create-random-source.ts';
export { fillDropoutMask } from './random/dropout-mask.ts';
export type * from './random/random-source.ts';
export { parseRows } from './rows/parse-rows.ts';
export { checkWith, describeValue, parseWith, type Schema } from './schema-issues.ts';
export { type Sha256, sha256, sha256Hex } from './sha256.ts';
export { hashTensors } from './tensor/hash-tensors.ts';
export * from './tensor/host-tensor.ts';
export { countParameters, initializeParameters } from './tensor/initialize-parameters.ts';
export { createTokenizer, type TokenizerFiles } from './tokenizer/create-tokenizer.ts';
export type { SequenceLayout } from './tokenizer/sequence-layout.ts';
export { placeholderId, requireSpecialId } from './tokenizer/special-ids.ts';
export type * from './tokenizer/tokenizer.ts';
export { wordPieceTokenizerJson } from './tokenizer/word-piece.ts';
export { type EvaluateModelCall, evaluateModel, nothingAttached } from './training/evaluate-model.ts';
export { fineTune } from './training/fine-tune.ts';
export type { Best, CurvePoint, FineTuneCall, FineTuned, Progress, Selection } from './training/fine-tuned.ts';
export { sequencesOf } from './training/length-buckets.ts';
export { type ParameterPlan, planParameters } from './training/plan-parameters.ts';
export {
  type FirstSteps,
  type Rehearsal,
  type RehearsedStep,
  rehearse,
  replaySelection,
  runFirstSteps,
} from './training/rehearsal.ts';
export { evaluateTrained, type TrainedModelCall, trainedParameters } from './training/trained-model.ts';
export { defaultTraining, type TrainingSettings, trainingSettingsSchema } from './training/training-settings.ts';
export { evaluationStep, type StepCall, trainingStep } from './training/training-step.ts';
