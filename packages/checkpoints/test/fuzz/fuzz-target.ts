import type { RandomSource } from '@attune/base';

/** A kind of file, and how its mutations are loaded. */
export interface FuzzTarget {
  readonly name: string;
  /** What the directory has besides, by name. */
  readonly beside: ReadonlyMap<string, Uint8Array>;
  /** The file that is mutated, and good contents of it. */
  readonly file: string;
  readonly originals: readonly Uint8Array[];
  /** Changes the file; by bytes when absent. */
  readonly mutate?: ((bytes: Uint8Array, random: RandomSource) => Uint8Array) | undefined;
  /** Whether `load` opens the file by its path, which then may be no file at all. */
  readonly opens?: boolean;
  /**
   * Loads the directory with the mutated file, and throws a plain Error when what it gives is not what the file says.
   * An error of the loader's own classes is a refusal.
   */
  readonly load: (call: LoadCall) => Promise<void>;
}

interface LoadCall {
  readonly directory: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly original: Uint8Array;
}

/** A value as a file of JSON. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
