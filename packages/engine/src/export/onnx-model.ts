import * as ort from 'onnxruntime-node';
import type { HostTensor, HostTensors } from '../contract.ts';

/** An ONNX file opened by ONNX Runtime. */
export interface OnnxModel {
  /** Integers are given as int32 and handed over as int64. Inputs the model lacks are left out. */
  run(inputs: HostTensors): Promise<HostTensors>;
  dispose(): Promise<void>;
}

/** Opens what `exportOnnx` made, to check it as its users will run it. */
export async function openOnnxModel(bytes: Uint8Array): Promise<OnnxModel> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  return {
    async run(inputs) {
      const given = [...inputs].filter(([name]) => session.inputNames.includes(name));
      const results = await session.run(Object.fromEntries(given.map(([name, tensor]) => [name, toOrt(tensor)])));
      return new Map(session.outputNames.map((name) => [name, toHost(results[name]!)]));
    },
    dispose: () => session.release(),
  };
}

function toOrt({ data, shape }: HostTensor): ort.Tensor {
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, [...shape]);
  return new ort.Tensor('int64', BigInt64Array.from(data, BigInt), [...shape]);
}

function toHost({ type, dims, data }: ort.Tensor): HostTensor {
  return { dtype: type as HostTensor['dtype'], shape: [...dims], data: data as Float32Array | Int32Array };
}
