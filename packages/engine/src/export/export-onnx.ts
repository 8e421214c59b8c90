import type { HostTensor, HostTensors, Tensors } from '@attune/base';
import { type SymbolicInputSpec, type SymbolSpec, traceSymbolic } from '@attune/graph';
import type * as tf from '@tensorflow/tfjs-core';
import type * as ort from 'onnxruntime-node';
import { foldWeights } from './fold-weights.ts';
import { lowerSymbolic } from './lower-symbolic.ts';

/** An ONNX file opened by ONNX Runtime. */
export interface OnnxModel {
  /** Names of the inputs that the file has: those that something reads. */
  readonly inputNames: readonly string[];
  /** Integers are given as int32 and handed over as int64. Inputs the model lacks are left out. */
  run(inputs: HostTensors): Promise<HostTensors>;
  dispose(): Promise<void>;
}

/** Opens what `exportOnnx` made, to check it as its users will run it. */
export async function openOnnxModel(bytes: Uint8Array): Promise<OnnxModel> {
  // Loaded only now: without its native library the package still has its other engines.
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const toOrt = ({ data, shape }: HostTensor): ort.Tensor =>
    data instanceof Float32Array
      ? new Tensor('float32', data, [...shape])
      : new Tensor('int64', BigInt64Array.from(data, BigInt), [...shape]);
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  return {
    inputNames: session.inputNames,
    async run(inputs) {
      const given = [...inputs].filter(([name]) => session.inputNames.includes(name));
      const results = await session.run(Object.fromEntries(given.map(([name, tensor]) => [name, toOrt(tensor)])));
      return new Map(session.outputNames.map((name) => [name, toHost(results[name]!)]));
    },
    dispose: () => session.release(),
  };
}

function toHost({ type, dims, data }: ort.Tensor): HostTensor {
  return { dtype: type as HostTensor['dtype'], shape: [...dims], data: data as Float32Array | Int32Array };
}

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
