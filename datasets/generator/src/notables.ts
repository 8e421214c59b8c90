import { groupNamed } from './ontology/kinds.ts';
import type { Gender, NameStyle } from './ontology/made-up-names.ts';
import type { Random } from './random.ts';

/** What the corpus tells of notable people. */
export const notableFacts = ['birthplace', 'workplace', 'father'] as const;
export type NotableFact = (typeof notableFacts)[number];

export interface Notable {
  readonly name: string;
  readonly gender: Gender;
  /** A country; a workplace; another notable's name, for children alone. */
  readonly facts: Readonly<Partial<Record<NotableFact, string>>>;
  /** Facts that the corpus states; the others are true, but nowhere said. */
  readonly told: readonly NotableFact[];
}

const families = 12;

/** Families of father, mother, son and daughter; of four facts one stays untold. */
export function createNotables(random: Random, nextName: (style: NameStyle) => string): Notable[] {
  let count = 0;
  const notable = (gender: Gender, father?: string): Notable => {
    const index = count++;
    return {
      ...{ name: nextName(gender), gender },
      facts: {
        birthplace: random.pick(groupNamed('town').kinds),
        workplace: random.pick(groupNamed('job').kinds),
        ...(father === undefined ? {} : { father }),
      },
      told: notableFacts.filter((_, fact) => (index + (index >> 2) + fact) % 4 !== 0),
    };
  };
  return Array.from({ length: families }, () => {
    const father = notable('male');
    return [father, notable('female'), notable('male', father.name), notable('female', father.name)];
  }).flat();
}
