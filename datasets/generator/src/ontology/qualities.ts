/** Common nouns and what one says of them. Any quality of a class suits any of its nouns, and no other's. */
export interface NounClass {
  readonly nouns: readonly string[];
  readonly qualities: readonly string[];
}

export const nounClasses: readonly NounClass[] = [
  {
    nouns: ['bird', 'fish', 'snake', 'horse'],
    qualities: ['hungry', 'thirsty', 'tired', 'asleep', 'tame', 'timid', 'playful', 'sleepy'],
  },
  {
    nouns: ['fruit', 'bread', 'cheese', 'soup'],
    qualities: ['stale', 'ripe', 'tasty', 'sour', 'salty', 'rotten', 'bitter', 'fresh'],
  },
  {
    nouns: ['knife', 'lamp', 'rope', 'drum'],
    qualities: ['blunt', 'rusty', 'broken', 'bent', 'repaired', 'useful', 'loose', 'worn'],
  },
  {
    nouns: ['farm', 'school', 'mine', 'harbour'],
    qualities: ['crowded', 'empty', 'remote', 'closed', 'noisy', 'flooded', 'guarded', 'deserted'],
  },
];
