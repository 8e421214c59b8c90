import { type SymbolicInputSpec, type SymbolSpec, traceSymbolic } from '@attune/graph';
import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensors, Tensors } from '../contract.ts';
import { foldWeights } from './fold-weights.ts';
import { lowerSymbolic } from './lower-symbolic.ts';

/** What becomes a file. */
export interface OnnxExportCall {
  /** Of the graph inside the file. */
  readonly name: string;
  /** Sizes left open; an input's shape refers to them by name. */
  readonly symbols: readonly SymbolSpec[];
  readonly inputs: readonly (SymbolicInputSpec & { readonly dtype: 'float32' | 'int32' })[];
  /** Become part of the file, under their names. */
  readonly weights: HostTensors;
  /** A pure function; its results become the outputs, under their names. */
  readonly run: (call: { readonly weights: Tensors; readonly inputs: Tensors }) => Tensors;
}

/**
 * A function of named inputs and weights as the bytes of an ONNX file for every size of its inputs' open axes:
 * opset 18, standard operators alone, float32, weights inside. Integer inputs are int64 in the file. What weights
 * alone decide is computed now; weights and inputs that nothing reads are left out.
 *
 * @throws TraceError naming the node that does not fit every size, or has no rule
 */
export async function exportOnnx(call: OnnxExportCall): Promise<Uint8Array> {
  const weightSpecs = [...call.weights].map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
  const traced = traceSymbolic(
    ({ inputs }) => {
      const group = (names: readonly { readonly name: string }[]): Tensors =>
        new Map(names.map(({ name }) => [name, inputs.get(name) as tf.Tensor]));
      return call.run({ weights: group(weightSpecs), inputs: group(call.inputs) });
    },
    [...call.inputs, ...weightSpecs],
    call.symbols,
  );
  const { graph, weights } = await foldWeights(traced, call.weights);
  return lowerSymbolic(graph, weights, call.name);
}
