import { type HostTensor, type HostTensors, ShapeError, type TensorStore, type Tensors } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { checkHostTensor, checkWrite, type TensorType } from '../host-tensor.ts';

/** Runs a synchronous function on a TensorFlow.js backend that is initialised, then gives the old one back. */
export function withBackend<T>(backend: string, run: () => T): T {
  const previous = tf.getBackend();
  // Setting a backend that exists takes effect before its promise is returned.
  void tf.setBackend(backend);
  try {
    return run();
  } finally {
    if (previous && previous !== backend) {
      void tf.setBackend(previous);
    }
  }
}

/** Named tensors on a TensorFlow.js backend. */
export class EagerStore implements TensorStore {
  readonly #tensors = new Map<string, tf.Tensor>();
  readonly #types = new Map<string, TensorType>();
  readonly #backend: string;

  constructor(values: HostTensors, backend: string) {
    this.#backend = backend;
    for (const [name, tensor] of values) {
      checkHostTensor(`store: "${name}"`, tensor);
      this.#types.set(name, { dtype: tensor.dtype, shape: [...tensor.shape] });
    }
    this.#put(values);
  }

  get names(): readonly string[] {
    return [...this.#types.keys()];
  }

  get types(): ReadonlyMap<string, TensorType> {
    return this.#types;
  }

  /** The tensors themselves, for a step to read. */
  get tensors(): Tensors {
    return this.#tensors;
  }

  async read(names: readonly string[] = this.names): Promise<HostTensors> {
    return new Map(names.map((name) => [name, toHost(this.#tensor(name))]));
  }

  write(values: HostTensors): void {
    checkWrite(this.#types, values);
    this.#put(values);
  }

  /** Takes over tensors as new values; the old ones are disposed. */
  replace(values: Tensors): void {
    for (const [name, tensor] of values) {
      this.#tensors.get(name)?.dispose();
      this.#tensors.set(name, tensor);
    }
  }

  dispose(): void {
    for (const tensor of this.#tensors.values()) {
      tensor.dispose();
    }
    this.#tensors.clear();
  }

  #put(values: HostTensors): void {
    withBackend(this.#backend, () => {
      this.replace(new Map([...values].map(([name, tensor]) => [name, tf.keep(toTensor(tensor))])));
    });
  }

  #tensor(name: string): tf.Tensor {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) {
      const why = this.#types.has(name) ? 'the store was disposed' : `known: ${this.names.join(', ')}`;
      throw new ShapeError(`store: there is no tensor "${name}"; ${why}`);
    }
    return tensor;
  }
}

/** On the active backend; the data is copied, since a backend may keep what it is given. */
export function toTensor({ data, shape, dtype }: HostTensor): tf.Tensor {
  return tf.tensor(data.slice(), [...shape], dtype);
}

/** A copy of a tensor's values; bools as integers. */
export function toHost(tensor: tf.Tensor): HostTensor {
  const values = tensor.dataSync();
  return tensor.dtype === 'float32'
    ? { dtype: 'float32', shape: [...tensor.shape], data: Float32Array.from(values) }
    : { dtype: 'int32', shape: [...tensor.shape], data: Int32Array.from(values) };
}
