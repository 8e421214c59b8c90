import type { HostTensors } from '@attune/base';
import { sizeOf } from '@attune/base';
import { type Graph, hashGraph } from '@attune/graph';
import * as ort from 'onnxruntime-node';
import type { OnnxStore } from '../onnx-store.ts';
import { type HeldSession, runSession, type SessionCache } from '../session.ts';
import type { KeptValues, Shelf } from './kept-values.ts';

/**
 * One key for each example of a batch: the bytes of its block of each of the named tensors, in the names' order. Equal
 * keys mean equal content, so an example is found again wherever it lies in whichever batch.
 */
export function exampleKeys(batch: HostTensors, names: readonly string[], numExamples: number): string[] {
  const blocks = names.map((name) => {
    const { data } = batch.get(name)!;
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  });
  return Array.from({ length: numExamples }, (_, example) =>
    blocks
      .map((bytes) => {
        const size = bytes.length / numExamples;
        return bytes.toString('latin1', example * size, (example + 1) * size);
      })
      .join(''),
  );
}

interface HoistedParts {
  readonly sessions: SessionCache;
  /** Absent: computed anew for every batch. */
  readonly kept: KeptValues | undefined;
  readonly frozen: OnnxStore;
  readonly numExamples: number;
}

/** One output of the part: a tensor that holds the batch's values, and its bytes. */
interface Output {
  readonly name: string;
  readonly tensor: ort.Tensor;
  readonly bytes: Uint8Array;
}

const BATCH = 'batch:';
const FROZEN = 'frozen:';

/**
 * The part of a step that depends on frozen parameters and single examples only. Examples that were seen before are
 * read, a batch with a new one is computed whole, by the same session at the same shapes.
 */
export class HoistedPart {
  readonly #held: HeldSession;
  readonly #kept: KeptValues | undefined;
  readonly #name: string;
  readonly #frozenNames: readonly string[];
  /** What was computed with the frozen values as they are now; opened on use. */
  #shelf: { readonly version: number; readonly shelf: Shelf } | undefined;
  readonly #frozen: OnnxStore;
  readonly #numExamples: number;
  readonly #inputs: readonly string[];
  readonly #batchNames: readonly string[];
  readonly #outputs: readonly Output[];

  static async compile(once: Graph, parts: HoistedParts): Promise<HoistedPart> {
    return new HoistedPart(once, await parts.sessions.hold(once), parts);
  }

  private constructor(once: Graph, held: HeldSession, { kept, frozen, numExamples }: HoistedParts) {
    const inputs = once.inputs.map(({ name }) => name);
    this.#held = held;
    this.#frozen = frozen;
    this.#numExamples = numExamples;
    this.#inputs = inputs;
    this.#batchNames = namesOf(inputs, BATCH);
    this.#outputs = once.outputs.map(({ name, value }) => outputOf(name, once.values[value]!));
    this.#kept = kept;
    this.#name = hashGraph(once);
    this.#frozenNames = namesOf(inputs, FROZEN);
  }

  /** The part's outputs for a batch, by name; valid until the next call. */
  async run(batch: HostTensors): Promise<ReadonlyMap<string, ort.Tensor>> {
    const shelf = this.#currentShelf();
    if (shelf === undefined) {
      await this.#compute(batch);
    } else {
      await this.#readOrCompute(batch, shelf);
    }
    return new Map(this.#outputs.map(({ name, tensor }) => [name, tensor]));
  }

  release(): void {
    this.#held.release();
    this.#shelf?.shelf.release();
  }

  /** Another one after frozen values were written, or changed by a step whose state they are. */
  #currentShelf(): Shelf | undefined {
    const { version } = this.#frozen;
    if (this.#kept === undefined) return undefined;
    if (this.#shelf?.version === version) return this.#shelf.shelf;
    this.#shelf?.shelf.release();
    const shelf = this.#kept.open(`${this.#name} ${this.#frozen.hash(this.#frozenNames)}`);
    this.#shelf = { version, shelf };
    return shelf;
  }

  async #readOrCompute(batch: HostTensors, shelf: Shelf): Promise<void> {
    const keys = exampleKeys(batch, this.#batchNames, this.#numExamples);
    const missing = [...keys.keys()].filter((example) => {
      const record = shelf.get(keys[example]!);
      if (record !== undefined) this.#write(example, record);
      return record === undefined;
    });
    if (missing.length === 0) return;
    await this.#compute(batch);
    for (const example of missing) shelf.put(keys[example]!, this.#record(example));
  }

  async #compute(batch: HostTensors): Promise<void> {
    const feeds = this.#inputs.map((input) => {
      const tensor = input.startsWith(FROZEN)
        ? this.#frozen.current(input.slice(FROZEN.length))
        : toTensor(batch, input.slice(BATCH.length));
      return [input, tensor] as const;
    });
    const fetches = Object.fromEntries(this.#outputs.map(({ name, tensor }) => [name, tensor]));
    await runSession(this.#held.session, Object.fromEntries(feeds), fetches);
  }

  /** One example's block of every output, one after the other. */
  #record(example: number): Uint8Array {
    return Buffer.concat(this.#outputs.map((output) => this.#block(output, example)));
  }

  #write(example: number, record: Uint8Array): void {
    let start = 0;
    for (const output of this.#outputs) {
      const block = this.#block(output, example);
      block.set(record.subarray(start, start + block.length));
      start += block.length;
    }
  }

  #block({ bytes }: Output, example: number): Uint8Array {
    const size = bytes.length / this.#numExamples;
    return bytes.subarray(example * size, (example + 1) * size);
  }
}

function outputOf(name: string, { shape, dtype }: Graph['values'][number]): Output {
  const size = sizeOf(shape);
  const data = dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
  const tensor = new ort.Tensor(dtype === 'float32' ? 'float32' : 'int32', data, [...shape]);
  return { name, tensor, bytes: new Uint8Array(data.buffer) };
}

function namesOf(inputs: readonly string[], kind: string): string[] {
  return inputs.filter((input) => input.startsWith(kind)).map((input) => input.slice(kind.length));
}

function toTensor(batch: HostTensors, name: string): ort.Tensor {
  const { dtype, data, shape } = batch.get(name)!;
  return new ort.Tensor(dtype, data, [...shape]);
}
