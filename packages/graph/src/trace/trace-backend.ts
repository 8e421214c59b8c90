import '@tensorflow/tfjs-backend-cpu';
import { sizeOf, TraceError } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { GraphBuilder } from '../graph-builder.ts';
import type { ConstantData, DType, ValueId } from '../values.ts';
import { callSite, refuseRandom, refuseRead } from './trace-error.ts';

// Knows every kernel's name; folds constants.

/** The recording backend's name while a function is traced. */
export const TRACE_BACKEND = 'attune-trace';

interface Entry {
  readonly value: ValueId;
  references: number;
}

/** A TensorFlow.js backend that records the kernels it is asked to run. Its tensors have no values. */
export class TraceBackend extends tf.KernelBackend {
  readonly builder = new GraphBuilder();
  readonly #entries = new Map<object, Entry>();
  readonly #captured = new Map<object, ValueId>();

  /** Data for a value of the graph. */
  hold(value: ValueId): object {
    const dataId = {};
    this.#entries.set(dataId, { value, references: 1 });
    return dataId;
  }

  /** The value behind a tensor; a tensor made outside the trace becomes a constant. */
  valueFor(tensor: tf.TensorInfo): ValueId {
    return this.#entries.get(tensor.dataId)?.value ?? this.#capture(tensor);
  }

  /** Outputs of a call as tensors. An output that is an input (an identity) shares the input's data. */
  tensors(values: readonly ValueId[], inputs: readonly tf.TensorInfo[]): tf.TensorInfo[] {
    return values.map((value) => {
      const { shape, dtype } = this.builder.info(value);
      const same = inputs.find(({ dataId }) => this.#entries.get(dataId)?.value === value);
      if (same !== undefined) {
        this.incRef(same.dataId);
      }
      return { dataId: same?.dataId ?? this.hold(value), shape: [...shape], dtype };
    });
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    refuseRandom();
    return this.hold(this.builder.constant({ shape, dtype: traceable(dtype) }, copyOf(values, shape, dtype)));
  }

  override readSync(): never {
    refuseRead();
  }

  override read(): never {
    return this.readSync();
  }

  override incRef(dataId: object): void {
    const entry = this.#entries.get(dataId);
    if (entry !== undefined) {
      entry.references += 1;
    }
  }

  override refCount(dataId: object): number {
    return this.#entries.get(dataId)?.references ?? 0;
  }

  override disposeData(dataId: object, force = false): boolean {
    const entry = this.#entries.get(dataId);
    if (entry !== undefined) {
      entry.references -= 1;
      if (!force && entry.references > 0) {
        return false;
      }
      this.#entries.delete(dataId);
    }
    return true;
  }

  override numDataIds(): number {
    return this.#entries.size;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.#entries.clear();
  }

  /** A tensor from outside stays on its own backend; its values are copied once. */
  #capture(tensor: tf.TensorInfo): ValueId {
    const known = this.#captured.get(tensor.dataId);
    if (known !== undefined) {
      return known;
    }
    const owner = tf.engine().state.tensorInfo.get(tensor.dataId)?.backend;
    if (owner === undefined || owner === this) {
      throw new TraceError(`trace: a disposed tensor [${tensor.shape.join(', ')}] was used${callSite()}`);
    }
    const dtype = traceable(tensor.dtype);
    const data = copyOf(owner.readSync(tensor.dataId), tensor.shape, dtype);
    const value = this.builder.constant({ shape: tensor.shape, dtype }, data);
    this.#captured.set(tensor.dataId, value);
    return value;
  }
}

function traceable(dtype: tf.DataType): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') {
    return dtype;
  }
  throw new TraceError(`trace: dtype ${dtype} cannot be recorded${callSite()}; use float32, int32 or bool`);
}

function copyOf(values: tf.BackendValues | undefined, shape: readonly number[], dtype: tf.DataType): ConstantData {
  const given = (values ?? new Float32Array(sizeOf(shape))) as ArrayLike<number>;
  switch (traceable(dtype)) {
    case 'float32':
      return Float32Array.from(given);
    case 'int32':
      return Int32Array.from(given);
    case 'bool':
      return Uint8Array.from(given);
  }
}
