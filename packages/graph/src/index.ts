export { countFlops } from './count-flops.ts';
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
export { hashGraph } from './hash-graph.ts';
export type { KernelAttributes, KernelName } from './kernels.ts';
export { eliminateCommonSubexpressions } from './passes/eliminate-common-subexpressions.ts';
export { eliminateDeadCode } from './passes/eliminate-dead-code.ts';
export { printGraph } from './print-graph.ts';
export type { InputSpec, TracedFunction, TraceScope } from './trace/trace.ts';
export { trace } from './trace/trace.ts';
export { validateGraph } from './validate/validate-graph.ts';
