import type { Gender } from './made-up-names.ts';

/** A relation between two people and the one that holds the other way round, with a word for each gender. */
interface Kin {
  readonly name: string;
  readonly words: Readonly<Record<Gender, string>>;
  readonly inverse: string;
}

const kin = (name: string, male: string, female: string, inverse: string): Kin => ({
  ...{ name, inverse },
  words: { male, female },
});

export const kinship: readonly Kin[] = [
  kin('parent', 'father', 'mother', 'child'),
  kin('child', 'son', 'daughter', 'parent'),
  kin('grandparent', 'grandfather', 'grandmother', 'grandchild'),
  kin('grandchild', 'grandson', 'granddaughter', 'grandparent'),
  kin('pibling', 'uncle', 'aunt', 'nibling'),
  kin('nibling', 'nephew', 'niece', 'pibling'),
];
