import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { ConfigError } from './errors.ts';
import { sha256 } from './sha256.ts';

/** A seeded source in the randomness tree: seed, then purpose (init, shuffle, dropout), then epoch and step. */
export interface RandomSource {
  /** An independent source for a purpose; the same path always gives the same numbers. */
  fork(purpose: string | number): RandomSource;
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, limit). */
  integer(limit: number): number;
  /** Standard normal. */
  normal(): number;
  /** A permutation of 0 .. size-1. */
  permutation(size: number): number[];
}

/**
 * The root of the randomness tree of one seed. Numbers come from xoroshiro128+ (Blackman and Vigna 2018), whose state
 * is the first 128 bits of SHA-256 over the path, so a fork depends on its path alone and never on what was drawn.
 *
 * @throws ConfigError when the seed is not a safe integer
 */
export function randomSource(seed: number): RandomSource {
  if (!Number.isSafeInteger(seed)) {
    throw new ConfigError(`seed: expected an integer, got ${seed}; give a whole number such as 0`);
  }
  return new PathSource([seed]);
}

class PathSource implements RandomSource {
  readonly #path: readonly (string | number)[];
  readonly #generator: RandomGenerator;
  #spareNormal: number | undefined;

  constructor(path: readonly (string | number)[]) {
    this.#path = path;
    this.#generator = xoroshiro128plusFromState(stateOf(path));
  }

  fork(purpose: string | number): RandomSource {
    return new PathSource([...this.#path, purpose]);
  }

  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  integer(limit: number): number {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`random integer: limit must be a positive integer, got ${limit}`);
    }
    return uniformInt(this.#generator, 0, limit - 1);
  }

  /** Marsaglia's polar method; the second number of each pair is kept for the next call. */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    let x = 0;
    let y = 0;
    let squared = 0;
    do {
      x = 2 * this.uniform() - 1;
      y = 2 * this.uniform() - 1;
      squared = x * x + y * y;
    } while (squared >= 1 || squared === 0);
    const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
    this.#spareNormal = y * factor;
    return x * factor;
  }

  /** Fisher and Yates, from the last place down. */
  permutation(size: number): number[] {
    const order = Array.from({ length: size }, (_, index) => index);
    for (let last = size - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const kept = order[last]!;
      order[last] = order[other]!;
      order[other] = kept;
    }
    return order;
  }
}

/** JSON tells "1" from 1, and where one element of the path ends and the next begins. */
function stateOf(path: readonly (string | number)[]): number[] {
  const { buffer, byteOffset } = sha256().update(JSON.stringify(path)).digest();
  const view = new DataView(buffer, byteOffset);
  return [0, 4, 8, 12].map((offset) => view.getInt32(offset, true));
}
