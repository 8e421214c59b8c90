export { availableEngines } from './available-engines.ts';
export type {
  Engine,
  EngineName,
  HostTensor,
  HostTensors,
  NoiseRequest,
  PreparedStep,
  StepArguments,
  StepCosts,
  StepDefinition,
  StepResult,
  TensorStore,
  Tensors,
} from './contract.ts';
export { createWasmEngine } from './eager/wasm-engine.ts';
export type { DeviceReport, EngineReport } from './engine-report.ts';
export { ConfigError, ResourceError, ShapeError } from './errors.ts';
export { exportOnnx } from './export/export-onnx.ts';
export { type OnnxModel, openOnnxModel } from './export/onnx-model.ts';
export { createOnnxEngine } from './onnx/create-onnx-engine.ts';
export { KeptValues, type KeptValuesOptions } from './onnx/hoist/kept-values.ts';
export { ModelBuilder } from './onnx/model-builder.ts';
export { type OnnxEngineOptions, onnxDevices } from './onnx/onnx-engine-options.ts';
export { planProgram, type StepNames, type StepProgram } from './onnx/step-program.ts';
export type { EngineChoice } from './select-engine.ts';
export { engineNames, selectEngine } from './select-engine.ts';
export { isOutOfMemory, memoryAdvice } from './step-failure.ts';
export { fingerprintStep, type StepFingerprint } from './step-fingerprint.ts';
export { type StepTypes, type TracedStep, traceStep } from './trace-step.ts';
export { checkWritableFolder, unwritable, writeIn } from './writable-folder.ts';
