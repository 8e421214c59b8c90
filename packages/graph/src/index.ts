export { analyse, type GraphCosts, type NodeWork, type StepMemory, type Work } from './cost/analyse.ts';
export { countFlops } from './cost/count-flops.ts';
export { type Phase, phases } from './cost/phases.ts';
export type { DType } from './dtype.ts';
export { TraceError } from './errors.ts';
export type {
  ConstantData,
  Graph,
  GraphConstant,
  GraphNode,
  GraphPort,
  NodeOf,
  ValueId,
  ValueInfo,
} from './graph.ts';
export { sizeOf } from './graph.ts';
export { hashGraph } from './hash-graph.ts';
export type { KernelAttributes, KernelName } from './kernels.ts';
export { eliminateCommonSubexpressions } from './passes/eliminate-common-subexpressions.ts';
export { eliminateDeadCode } from './passes/eliminate-dead-code.ts';
export { printGraph } from './print-graph.ts';
export type { InputSpec, TracedFunction, TraceScope } from './trace/trace.ts';
export { trace } from './trace/trace.ts';
