import type { Random } from '../random.ts';
import type { World } from '../world.ts';

/** One way of telling something about the world. */
export type Passage = (world: World, random: Random) => string;
