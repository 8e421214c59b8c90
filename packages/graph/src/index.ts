export { analyse, type GraphCosts, type NodeWork, type StepMemory, type Work } from './cost/analyse.ts';
export { countFlops } from './cost/count-flops.ts';
export { type Phase, phases } from './cost/phases.ts';
export { portBytes } from './cost/ports.ts';
export type { DType } from './dtype.ts';
export { TraceError } from './errors.ts';
export { evaluateGraph } from './evaluate/evaluate-graph.ts';
export { evaluateNode } from './evaluate/evaluate-node.ts';
export type { HostValue } from './evaluate/on-cpu.ts';
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
export { GraphBuilder } from './graph-builder.ts';
export { hashGraph } from './hash-graph.ts';
export type { HoistCall, HoistedGraph } from './hoist/hoist-frozen.ts';
export { hoistFrozen } from './hoist/hoist-frozen.ts';
export type { FusedKernel, KernelAttributes, KernelName } from './kernels.ts';
export { eliminateCommonSubexpressions } from './passes/eliminate-common-subexpressions.ts';
export { eliminateDeadCode } from './passes/eliminate-dead-code.ts';
export { fuse } from './passes/fuse.ts';
export { type PassName, passNames } from './passes/pass.ts';
export { reduceWork } from './passes/reduce-work.ts';
export { printGraph } from './print-graph.ts';
export type { SymbolicGraph, SymbolicNode, SymbolicNodeOf, SymbolicValueInfo } from './symbolic/symbolic-graph.ts';
export { printSymbolicGraph } from './symbolic/symbolic-graph.ts';
export type { Size, Symbolic } from './symbolic/symbolic-size.ts';
export { isAllFixed, isFixed, SymbolicSize } from './symbolic/symbolic-size.ts';
export type { SymbolicInputSpec, SymbolSpec } from './symbolic/trace-symbolic.ts';
export { traceSymbolic } from './symbolic/trace-symbolic.ts';
export type { InputSpec, TracedFunction, TraceScope } from './trace/trace.ts';
export { trace } from './trace/trace.ts';
export type { SparseInput, SplitStep, Update } from './updates/split-updates.ts';
export { splitUpdates } from './updates/split-updates.ts';
export type { InPlacePair } from './updates/update-regions.ts';
export { validateGraph } from './validate/validate-graph.ts';
