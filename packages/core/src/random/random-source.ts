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
