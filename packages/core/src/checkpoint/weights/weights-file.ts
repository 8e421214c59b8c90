import { type FileHandle, open } from 'node:fs/promises';
import { ConfigError } from '../../errors.ts';
import type { WeightsSource } from './stored-tensor.ts';

/** Linux reads at most 2^31 - 4096 bytes at once. */
const maxReadBytes = 2 ** 30;

/** A file on disk. */
export class WeightsFile implements WeightsSource {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
  }

  /** @throws ConfigError when it cannot be opened or is no file */
  static async open(path: string): Promise<WeightsFile> {
    const handle = await open(path, 'r').catch((error: Error) => {
      throw new ConfigError(`${path}: cannot be read: ${error.message}`, { cause: error });
    });
    const stats = await handle.stat();
    if (stats.isFile()) return new WeightsFile(path, stats.size, handle);
    await handle.close();
    throw new ConfigError(`${path}: expected a file, found something else`);
  }

  /**
   * Fills the bytes from this position on.
   *
   * @throws ConfigError when the file ends before
   */
  async readInto(bytes: Uint8Array, position: number): Promise<void> {
    let filled = 0;
    while (filled < bytes.length) {
      const length = Math.min(maxReadBytes, bytes.length - filled);
      const { bytesRead } = await this.#handle.read(bytes, filled, length, position + filled).catch((error: Error) => {
        throw new ConfigError(`${this.path}: cannot be read: ${error.message}`, { cause: error });
      });
      if (bytesRead === 0) throw this.#truncated(position + bytes.length, position + filled);
      filled += bytesRead;
    }
  }

  /** @throws ConfigError when the file ends before, without making room for what it has not */
  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (position + length > this.size) throw this.#truncated(position + length, this.size);
    const bytes = new Uint8Array(length);
    await this.readInto(bytes, position);
    return bytes;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #truncated(expected: number, found: number): ConfigError {
    return new ConfigError(`${this.path}: truncated: expected ${expected} bytes, got ${found}`);
  }
}
