import type { HostTensor } from '@attune/base';
import { type NarrowTensor, widen } from './weights/read-tensor.ts';

type Entry = readonly [name: string, tensor: HostTensor];

/**
 * Tensors whose 16-bit floats stay 16 bits wide in memory. Each is widened when it is asked for, into memory of its
 * own that lasts as long as the caller keeps it, so going through the map holds one widened tensor at a time.
 */
export class KeptTensors implements ReadonlyMap<string, HostTensor> {
  readonly #tensors: ReadonlyMap<string, HostTensor | NarrowTensor>;

  constructor(tensors: ReadonlyMap<string, HostTensor | NarrowTensor>) {
    this.#tensors = tensors;
  }

  get size(): number {
    return this.#tensors.size;
  }

  /** Bytes that the values take in memory. */
  get byteLength(): number {
    return [...this.#tensors.values()].reduce((sum, tensor) => sum + arrayOf(tensor).byteLength, 0);
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  get(name: string): HostTensor | undefined {
    const tensor = this.#tensors.get(name);
    return tensor === undefined ? undefined : widened(tensor);
  }

  keys(): MapIterator<string> {
    return this.#tensors.keys();
  }

  *entries(): MapIterator<[string, HostTensor]> {
    for (const [name, tensor] of this.#tensors) yield [name, widened(tensor)];
  }

  *values(): MapIterator<HostTensor> {
    for (const tensor of this.#tensors.values()) yield widened(tensor);
  }

  [Symbol.iterator](): MapIterator<[string, HostTensor]> {
    return this.entries();
  }

  forEach(visit: (tensor: HostTensor, name: string, map: ReadonlyMap<string, HostTensor>) => void): void {
    for (const [name, tensor] of this as Iterable<Entry>) visit(tensor, name, this);
  }
}

function widened(tensor: HostTensor | NarrowTensor): HostTensor {
  return 'bits' in tensor ? widen(tensor) : tensor;
}

function arrayOf(tensor: HostTensor | NarrowTensor) {
  return 'bits' in tensor ? tensor.bits : tensor.data;
}
