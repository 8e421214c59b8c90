import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResourceError } from '@attune/base';
import { unwritable } from '@attune/base/node';

/** Where hoisted values go. */
export interface HoistedValuesOptions {
  /** What may be kept in memory, in all; the rest goes to a file. */
  readonly memoryBytes: number;
  /** Folder of that file, which is there only while it is used; the system's for temporary files when absent. */
  readonly directory: string | undefined;
}

/** Records of one length by key: those of one hoisted part. */
export interface Shelf {
  /** The record, valid until the next call; undefined when it was never put. */
  get(key: string): Uint8Array | undefined;
  /** Keeps a copy. @throws ResourceError when it has to go to the file and cannot */
  put(key: string, record: Uint8Array): void;
  /** No step uses the shelf any more; it stays until its memory is wanted. */
  release(): void;
}

/**
 * What hoisted parts computed, by what they computed it from. Memory first, then a file. Shelves that no step uses are
 * given up, oldest first, before anything goes to the file.
 */
export class HoistedValues {
  readonly #options: HoistedValuesOptions;
  readonly #shelves = new Map<string, MemoryShelf>();
  #memoryBytes = 0;
  #file: SpillFile | undefined;

  constructor(options: HoistedValuesOptions) {
    this.#options = options;
  }

  /** Bytes kept in memory, and in the file. */
  get usage(): { readonly memoryBytes: number; readonly fileBytes: number } {
    return { memoryBytes: this.#memoryBytes, fileBytes: this.#file?.bytes ?? 0 };
  }

  /** The shelf of a part's name; records of the same name were computed by the same part. */
  open(name: string): Shelf {
    const shelf = this.#shelves.get(name) ?? new MemoryShelf();
    this.#shelves.delete(name);
    this.#shelves.set(name, shelf);
    shelf.users += 1;
    return {
      get: (key) => shelf.records.get(key) ?? this.#fromFile(shelf, key),
      put: (key, record) => this.#put(shelf, key, record),
      release: () => {
        shelf.users -= 1;
      },
    };
  }

  dispose(): void {
    this.#shelves.clear();
    this.#memoryBytes = 0;
    this.#file?.close();
    this.#file = undefined;
  }

  #put(shelf: MemoryShelf, key: string, record: Uint8Array): void {
    if (shelf.records.has(key) || shelf.places.has(key)) return;
    this.#makeRoom(record.length);
    if (this.#memoryBytes + record.length <= this.#options.memoryBytes) {
      shelf.records.set(key, record.slice());
      this.#memoryBytes += record.length;
      return;
    }
    this.#file ??= new SpillFile(this.#options.directory ?? tmpdir());
    shelf.places.set(key, { offset: this.#file.append(record), length: record.length });
  }

  #fromFile(shelf: MemoryShelf, key: string): Uint8Array | undefined {
    const place = shelf.places.get(key);
    return place === undefined ? undefined : this.#file?.read(place);
  }

  #makeRoom(bytes: number): void {
    for (const [name, shelf] of this.#shelves) {
      if (this.#memoryBytes + bytes <= this.#options.memoryBytes) return;
      if (shelf.users > 0 || shelf.records.size === 0) continue;
      for (const record of shelf.records.values()) this.#memoryBytes -= record.length;
      this.#shelves.delete(name);
    }
  }
}

class MemoryShelf {
  readonly records = new Map<string, Uint8Array>();
  readonly places = new Map<string, Place>();
  users = 0;
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

let files = 0;

/** Grows at its end and is read anywhere; gone when closed. */
class SpillFile {
  readonly #path: string;
  readonly #descriptor: number;
  bytes = 0;

  constructor(directory: string) {
    files += 1;
    this.#path = join(directory, `attune-hoisted-${process.pid}-${files}`);
    this.#descriptor = this.#attempt(() => openSync(this.#path, 'wx+'));
    // The file lives as long as its descriptor, so a killed process leaves nothing behind; Windows unlinks on close.
    if (process.platform !== 'win32') unlinkSync(this.#path);
  }

  append(record: Uint8Array): number {
    const offset = this.bytes;
    // A disk that is almost full takes a part and refuses only the next.
    for (let done = 0; done < record.length; ) {
      done += this.#attempt(() => writeSync(this.#descriptor, record, done, record.length - done, offset + done));
    }
    this.bytes += record.length;
    return offset;
  }

  /** Undefined when the file was cut short from outside. */
  read({ offset, length }: Place): Uint8Array | undefined {
    const record = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const read = this.#attempt(() => readSync(this.#descriptor, record, done, length - done, offset + done));
      if (read === 0) return undefined;
      done += read;
    }
    return record;
  }

  close(): void {
    closeSync(this.#descriptor);
    if (process.platform === 'win32') unlinkSync(this.#path);
  }

  #attempt<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      const { reason, advice } = unwritable(error);
      throw new ResourceError(
        `values of the frozen part, which are computed once and kept: ${this.#path}: ${reason}; ${advice}, ` +
          'keep more in memory, or keep nothing (hoist: false)',
        { cause: error },
      );
    }
  }
}
