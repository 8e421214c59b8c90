import * as tf from '@tensorflow/tfjs-core';
import './gradients.ts';
import { TraceError } from '@attune/base';
import type { Graph } from '../graph.ts';
import { eliminateCommonSubexpressions, eliminateDeadCode } from '../passes/eliminate.ts';
import { validateGraph } from '../validate-graph.ts';
import type { DType } from '../values.ts';
import { registerTraceKernels } from './register-kernels.ts';
import { TRACE_BACKEND, TraceBackend } from './trace-backend.ts';

/** A named input of a traced function. */
export interface InputSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** What a traced function is given: its inputs, and a way to ask for more while it runs. */
interface TraceScope {
  readonly inputs: ReadonlyMap<string, tf.Tensor>;
  /** A further input. The same name with the same shape gives the same input. @throws TraceError otherwise */
  readonly declare: (spec: InputSpec) => tf.Tensor;
}

/** A function of tensors by name; its results become the graph's outputs. */
export type TracedFunction = (scope: TraceScope) => ReadonlyMap<string, tf.Tensor>;

/**
 * Records a function of named tensors, gradients included, as a graph, without computing anything. Tensors made
 * outside become constants. Dead code is removed and equal expressions are merged; inputs that nothing reads
 * are dropped.
 *
 * @throws TraceError when a value is read, a kernel has no rule, or an output has no value
 */
export function trace(fn: TracedFunction, inputs: readonly InputSpec[]): Graph {
  const backend = new TraceBackend();
  withTraceBackend(backend, () => tf.tidy(() => record(fn, inputs, backend)));
  const graph = eliminateDeadCode(eliminateCommonSubexpressions(backend.builder.finish()));
  validateGraph(graph);
  return graph;
}

type Declared = Map<string, { readonly spec: InputSpec; readonly tensor: tf.Tensor }>;

function record(fn: TracedFunction, inputs: readonly InputSpec[], backend: TraceBackend): void {
  const declared: Declared = new Map();
  const declare = (spec: InputSpec): tf.Tensor => {
    const known = declared.get(spec.name);
    if (known !== undefined && describe(known.spec) !== describe(spec)) {
      throw new TraceError(
        `trace: input "${spec.name}" is ${describe(known.spec)} and was asked for again as ${describe(spec)}`,
      );
    }
    const tensor = known?.tensor ?? placeholder(backend, spec);
    declared.set(spec.name, { spec, tensor });
    return tensor;
  };
  const given = new Map(inputs.map((spec) => [spec.name, declare(spec)]));
  for (const [name, tensor] of fn({ inputs: given, declare })) {
    if (tensor.isDisposed) {
      throw new TraceError(`trace: output "${name}" was disposed before the function returned`);
    }
    backend.builder.output(name, backend.valueFor(tensor));
  }
}

function withTraceBackend(backend: TraceBackend, run: () => void): void {
  registerTraceKernels();
  const engine = tf.engine();
  // Nothing is active before first use in a process; the cpu backend is always there.
  const previous = tf.getBackend() || 'cpu';
  tf.registerBackend(TRACE_BACKEND, () => backend, 0);
  // Both switches happen before the first await inside, because neither backend initialises asynchronously.
  void tf.setBackend(TRACE_BACKEND);
  try {
    run();
  } finally {
    engine.removeBackend(TRACE_BACKEND);
    void tf.setBackend(previous);
  }
}

function placeholder(backend: TraceBackend, { name, shape, dtype }: InputSpec): tf.Tensor {
  const dataId = backend.hold(backend.builder.input(name, { shape, dtype }));
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype }, backend);
}

function describe({ dtype, shape }: InputSpec): string {
  return `${dtype}[${shape.join(', ')}]`;
}
