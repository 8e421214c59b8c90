import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded choices. The same seed and path of purposes always give the same ones. */
export interface Random {
  /** An independent source for a purpose. */
  fork(purpose: string): Random;
  /** Uniform integer in [0, limit). */
  integer(limit: number): number;
  /** True with the given probability (to three digits). */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Different items, in random order. */
  sample<T>(items: readonly T[], count: number): T[];
}

export function createRandom(path: string): Random {
  const generator = xoroshiro128plus(hash(path));
  const integer = (limit: number): number => uniformInt(generator, 0, limit - 1);
  const random: Random = {
    fork: (purpose) => createRandom(`${path}/${purpose}`),
    integer,
    chance: (probability) => integer(1000) < probability * 1000,
    pick: (items) => items[integer(items.length)]!,
    sample: (items, count) => {
      if (count > items.length) throw new RangeError(`cannot sample ${count} of ${items.length} items`);
      const rest = [...items];
      return Array.from({ length: count }, () => rest.splice(integer(rest.length), 1)[0]!);
    },
  };
  return random;
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}
