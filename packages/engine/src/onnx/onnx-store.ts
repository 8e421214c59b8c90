import * as ort from 'onnxruntime-node';
import type { HostTensor, HostTensors, TensorStore } from '../contract.ts';
import { ShapeError } from '../errors.ts';
import type { TensorType } from '../host-tensor.ts';
import { checkHostTensor, checkWrite } from '../host-tensor.ts';

/**
 * Named tensors in memory that ONNX Runtime reads and writes in place. A step writes a tensor's new value into
 * its spare, then the two change roles.
 */
export class OnnxStore implements TensorStore {
  readonly #current = new Map<string, ort.Tensor>();
  readonly #spare = new Map<string, ort.Tensor>();
  readonly #types = new Map<string, TensorType>();

  constructor(values: HostTensors) {
    for (const [name, tensor] of values) {
      checkHostTensor(`store: "${name}"`, tensor);
      const { dtype, shape } = tensor;
      this.#types.set(name, { dtype, shape: [...shape] });
      this.#current.set(name, new ort.Tensor(dtype, tensor.data.slice(), [...shape]));
    }
  }

  get names(): readonly string[] {
    return [...this.#types.keys()];
  }

  get types(): ReadonlyMap<string, TensorType> {
    return this.#types;
  }

  async read(names: readonly string[] = this.names): Promise<HostTensors> {
    return new Map(names.map((name) => [name, copyToHost(this.current(name))]));
  }

  write(values: HostTensors): void {
    checkWrite(this.#types, values);
    for (const [name, { data }] of values) {
      (this.current(name).data as Float32Array).set(data);
    }
  }

  dispose(): void {
    this.#current.clear();
    this.#spare.clear();
  }

  /** The tensor a step reads. */
  current(name: string): ort.Tensor {
    const tensor = this.#current.get(name);
    if (tensor === undefined) {
      const why = this.#types.has(name) ? 'the store was disposed' : `known: ${this.names.join(', ')}`;
      throw new ShapeError(`store: there is no tensor "${name}"; ${why}`);
    }
    return tensor;
  }

  /** The tensor a step writes; made on first use. */
  spare(name: string): ort.Tensor {
    const existing = this.#spare.get(name);
    if (existing !== undefined) {
      return existing;
    }
    const { type, data, dims } = this.current(name);
    const empty = type === 'float32' ? new Float32Array(data.length) : new Int32Array(data.length);
    const spare = new ort.Tensor(type as HostTensor['dtype'], empty, dims);
    this.#spare.set(name, spare);
    return spare;
  }

  /** Makes the spares of these names current. */
  swap(names: readonly string[]): void {
    for (const name of names) {
      const [current, spare] = [this.current(name), this.spare(name)];
      this.#current.set(name, spare);
      this.#spare.set(name, current);
    }
  }
}

/** A copy of a tensor's values. */
export function copyToHost({ type, data, dims }: ort.Tensor): HostTensor {
  const values = data as Float32Array | Int32Array;
  return { dtype: type as HostTensor['dtype'], shape: [...dims], data: values.slice() };
}
