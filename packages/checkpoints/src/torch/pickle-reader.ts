import { utf8Text } from '@attune/base';

/** Why a pickle cannot be read; the caller adds which file. */
export class PickleError extends Error {
  override readonly name = 'PickleError';
}

/** Reads a pickle's bytes one argument at a time, never past the end. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#position;
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** An unsigned 64-bit length. */
  uint64(): number {
    const length = this.#view.getBigUint64(this.#advance(8), true);
    if (length > Number.MAX_SAFE_INTEGER) throw new PickleError(`a length of ${length}`);
    return Number(length);
  }

  /** Big-endian, unlike everything else. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  text(length: number): string {
    const start = this.#advance(length);
    try {
      return utf8Text(this.#bytes.subarray(start, start + length), { ignoreBOM: true });
    } catch (error) {
      throw new PickleError(`a text at byte ${start}: ${(error as Error).message}`);
    }
  }

  /** Up to the end of the line, which is left out. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw new PickleError('it ends within a name');
    const line = this.text(end - this.#position);
    this.#advance(1);
    return line;
  }

  /** Little-endian two's complement of any length. */
  long(length: number): number {
    if (length > 8) throw new PickleError(`an integer of ${length} bytes`);
    const start = this.#advance(length);
    let value = 0n;
    for (let index = 0; index < length; index++) value |= BigInt(this.#bytes[start + index]!) << BigInt(8 * index);
    const signed = Number(BigInt.asIntN(8 * length, value));
    if (!Number.isSafeInteger(signed)) throw new PickleError(`an integer of ${length} bytes`);
    return signed;
  }

  skip(length: number): void {
    this.#advance(length);
  }

  #advance(length: number): number {
    const start = this.#position;
    if (length > this.#bytes.length - start) throw new PickleError(`it ends within a value, at byte ${start}`);
    this.#position += length;
    return start;
  }
}
