import { createHash } from 'node:crypto';
import { type HostTensor, type HostTensors, ShapeError, type TensorStore } from '@attune/base';
import * as ort from 'onnxruntime-node';
import { checkHostTensor, checkWrite, type TensorType } from '../host-tensor.ts';
import { freeMemory } from './session.ts';
import { allocateBlocks, type BlockPlan, blockKey, type UpdateBlock } from './update/update-block.ts';

/**
 * Named tensors in memory that ONNX Runtime reads and writes in place. State that an update replaces lies in the
 * update's memory and changes there; of any other a step writes the new value into its spare, then the two change
 * roles.
 */
export class OnnxStore implements TensorStore {
  readonly #current = new Map<string, ort.Tensor>();
  readonly #spare = new Map<string, ort.Tensor>();
  readonly #types = new Map<string, TensorType>();
  readonly #blocks = new Map<string, UpdateBlock>();
  readonly #hashes = new Map<string, { readonly version: number; readonly hash: string }>();
  /** Buffers with nothing in them but one tensor. */
  readonly #own = new WeakSet<ArrayBufferLike>();
  #version = 0;

  constructor(values: HostTensors) {
    for (const [name, tensor] of values) {
      checkHostTensor(`store: "${name}"`, tensor);
      const { dtype, shape } = tensor;
      this.#types.set(name, { dtype, shape: [...shape] });
      this.#current.set(name, this.#ownTensor(dtype, tensor.data.slice(), shape));
    }
  }

  #ownTensor(dtype: HostTensor['dtype'], data: HostTensor['data'], shape: readonly number[]): ort.Tensor {
    this.#own.add(data.buffer);
    return new ort.Tensor(dtype, data, [...shape]);
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

  /** Another number after every change of a value. */
  get version(): number {
    return this.#version;
  }

  /** Values were changed in place. */
  changed(): void {
    this.#version += 1;
  }

  write(values: HostTensors): void {
    checkWrite(this.#types, values);
    this.changed();
    for (const [name, { data }] of values) {
      (this.current(name).data as Float32Array).set(data);
    }
  }

  dispose(): void {
    this.#current.clear();
    this.#spare.clear();
    this.#blocks.clear();
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
    const spare = this.#ownTensor(type as HostTensor['dtype'], empty, dims);
    this.#spare.set(name, spare);
    return spare;
  }

  /** SHA-256 in hexadecimal of the named tensors' names and values. */
  hash(names: readonly string[]): string {
    const key = JSON.stringify(names);
    const known = this.#hashes.get(key);
    if (known?.version === this.#version) return known.hash;
    const hash = this.#hashOf(names);
    this.#hashes.set(key, { version: this.#version, hash });
    return hash;
  }

  #hashOf(names: readonly string[]): string {
    const hash = createHash('sha256');
    for (const name of names) {
      const data = this.current(name).data as Float32Array;
      hash.update(JSON.stringify(name)).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    return hash.digest('hex');
  }

  /** Memory for the plans, their state moved into it; a plan already placed keeps its block. */
  place(plans: readonly BlockPlan[]): UpdateBlock[] {
    const missing = plans.filter((plan) => !this.#blocks.has(blockKey(plan)));
    for (const [index, block] of allocateBlocks(missing).entries()) this.#blocks.set(blockKey(missing[index]!), block);
    return plans.map((plan) => {
      const block = this.#blocks.get(blockKey(plan))!;
      this.occupy(plan, block);
      return block;
    });
  }

  /** Makes sure that the state is in the block; a step with another block may have moved it away. */
  occupy({ state }: BlockPlan, block: UpdateBlock): void {
    for (const [position, name] of state.entries()) {
      const place = block.state[position]!;
      if (this.current(name).data !== place) this.#move(name, place);
    }
  }

  /**
   * Frees the old memory of each tensor as soon as it is copied, so that moving a large state never takes twice its
   * size.
   */
  #move(name: string, to: Float32Array): void {
    const { data, dims } = this.current(name);
    const from = data as Float32Array<ArrayBuffer>;
    to.set(from);
    this.#current.set(name, new ort.Tensor('float32', to, dims));
    this.#spare.delete(name);
    if (this.#own.has(from.buffer)) freeMemory([from.buffer]);
  }

  /** Makes the spares of these names current. */
  swap(names: readonly string[]): void {
    if (names.length > 0) this.changed();
    for (const name of names) {
      const [current, spare] = [this.current(name), this.spare(name)];
      this.#current.set(name, spare);
      this.#spare.set(name, current);
    }
  }
}

/** A copy of a tensor's values. */
function copyToHost({ type, data, dims }: ort.Tensor): HostTensor {
  const values = data as Float32Array | Int32Array;
  return { dtype: type as HostTensor['dtype'], shape: [...dims], data: values.slice() };
}
