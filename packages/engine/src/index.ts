export {
  type DeviceReport,
  type Engine,
  type EngineReport,
  type OnnxEngineOptions,
  onnxDevices,
} from './contract.ts';
export { createWasmEngine } from './eager/wasm-engine.ts';
export { exportOnnx, type OnnxModel, openOnnxModel } from './export/export-onnx.ts';
export { createOnnxEngine } from './onnx/create-onnx-engine.ts';
export { HoistedValues, type HoistedValuesOptions } from './onnx/hoist/hoisted-values.ts';
export { ModelBuilder } from './onnx/model-builder.ts';
export { planProgram, type StepNames, type StepProgram } from './onnx/plan-program.ts';
export { availableEngines, compiledEngineNote, type EngineChoice, engineNames, selectEngine } from './select-engine.ts';
export { isOutOfMemory, memoryAdvice } from './step-failure.ts';
export { fingerprintStep, type StepFingerprint } from './step-fingerprint.ts';
export { type StepTypes, type TracedStep, traceStep } from './trace-step.ts';
