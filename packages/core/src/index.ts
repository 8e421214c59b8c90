export {
  type AttachCall,
  type Attachment,
  type FineTuningMethod,
  nothingAttached,
  type PeftCall,
  type PeftFiles,
} from './contracts/method.ts';
export type {
  ForwardCall,
  ForwardContext,
  Hooks,
  Initializer,
  LinearHook,
  Model,
  ModelInputs,
  ParameterAlias,
  ParameterRole,
  ParameterSpec,
  ProjectionSpec,
  SequenceHead,
  SequenceHeadKind,
} from './contracts/model.ts';
export type {
  CandidatesInstance,
  ChoiceInstance,
  ClassificationInstance,
  ClozeInstance,
  EncodedSequence,
  FillInstance,
  FormulateCall,
  Formulated,
  Formulation,
  Instance,
  InstanceKind,
  InstanceOutput,
  Prediction,
  Task,
  TaskMetric,
} from './contracts/task.ts';
export { fromTensor, toTensor, toTensors } from './device-tensors.ts';
export { type BertConfig, createBert, parseBertConfig } from './models/bert.ts';
export { modelFamily } from './models/families.ts';
export { type Gpt2Config, parseGpt2Config } from './models/gpt2/config.ts';
export { createGpt2 } from './models/gpt2/gpt2.ts';
export { evaluationContext } from './models/layers/dropout.ts';
export { linear } from './models/layers/linear.ts';
export { oneHot } from './models/layers/one-hot.ts';
export { countParameters, initializeParameters, parameter } from './models/layers/parameters.ts';
export { firstPositions } from './models/layers/sequence-head.ts';
export { type LlamaConfig, parseLlamaConfig } from './models/llama/config.ts';
export { createLlama } from './models/llama/llama.ts';
export type { ModelConfig, ModelFamily } from './models/model-family.ts';
export { projectionsNamed, projectionsOfKind } from './models/projections.ts';
export { fromPeftTensors, type PeftLayout, peftConfigText, peftLayout, toPeftTensors } from './peft/adapter.ts';
