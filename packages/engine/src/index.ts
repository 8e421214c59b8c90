export { availableEngines } from './available-engines.ts';
export type {
  Engine,
  EngineName,
  HostTensor,
  HostTensors,
  NoiseRequest,
  NoiseSource,
  PreparedStep,
  StepArguments,
  StepCosts,
  StepDefinition,
  StepResult,
  TensorStore,
  Tensors,
} from './contract.ts';
export { createTensorflowGpuEngine } from './eager/tensorflow-gpu-engine.ts';
export { createWasmEngine } from './eager/wasm-engine.ts';
export type { EngineReport } from './engine-report.ts';
export { ConfigError, ShapeError } from './errors.ts';
export { createOnnxEngine } from './onnx/create-onnx-engine.ts';
export { ModelBuilder } from './onnx/model-builder.ts';
export type { OnnxEngineOptions } from './onnx/onnx-engine-options.ts';
export type { EngineChoice } from './select-engine.ts';
export { engineNames, selectEngine } from './select-engine.ts';
export type { StepTypes, TracedStep } from './trace-step.ts';
export { traceStep } from './trace-step.ts';
