/** Common nouns and what one says of them. Any quality of a class suits any of its nouns, and no other's. */
interface NounClass {
  readonly nouns: readonly string[];
  readonly qualities: readonly string[];
}

export const nounClasses: readonly NounClass[] = [
  {
    nouns: ['dog', 'goat', 'sheep', 'rabbit'],
    qualities: ['hungry', 'thirsty', 'tired', 'asleep', 'tame', 'timid', 'playful', 'sleepy'],
  },
  {
    nouns: ['cake', 'stew', 'pie', 'plum'],
    qualities: ['stale', 'ripe', 'tasty', 'sour', 'salty', 'rotten', 'bitter', 'fresh'],
  },
  {
    nouns: ['hammer', 'bucket', 'axe', 'spade'],
    qualities: ['blunt', 'rusty', 'broken', 'bent', 'repaired', 'useful', 'loose', 'worn'],
  },
  {
    nouns: ['village', 'castle', 'tavern', 'island'],
    qualities: ['crowded', 'empty', 'remote', 'closed', 'noisy', 'flooded', 'guarded', 'deserted'],
  },
];
