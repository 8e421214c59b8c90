export { analyse, type GraphCosts, type NodeWork, type StepMemory } from './cost/analyse.ts';
export { countFlops } from './cost/node-costs.ts';
export { phases, portBytes } from './cost/phases.ts';
export { evaluateGraph } from './evaluate-graph.ts';
export type { Graph, GraphNode } from './graph.ts';
export { GraphBuilder } from './graph-builder.ts';
export type { FusedKernel, KernelAttributes, KernelName } from './kernels/kernels.ts';
export { eliminateCommonSubexpressions, eliminateDeadCode } from './passes/eliminate.ts';
export { fuse, type PassName, passNames, reduceWork } from './passes/passes.ts';
export { hashGraph, printGraph } from './print-graph.ts';
export { type HoistedGraph, hoistFrozen } from './split/hoist-frozen.ts';
export { type SparseInput, splitUpdates, type Update } from './split/split-updates.ts';
export {
  isAllFixed,
  isFixed,
  printSymbolicGraph,
  type Size,
  type Symbolic,
  type SymbolicGraph,
  type SymbolicNode,
  type SymbolicValueInfo,
} from './symbolic/symbolic-graph.ts';
export { type SymbolicInputSpec, type SymbolSpec, traceSymbolic } from './symbolic/trace-symbolic.ts';
export { type InputSpec, trace } from './trace/trace.ts';
export { validateGraph } from './validate-graph.ts';
export type { ConstantData, DType, HostValue, ValueId, ValueInfo } from './values.ts';
