/** What things of a group are good for, and how one asks whether something is. Used by BoolQ and MultiRC. */
interface Use {
  readonly group: 'animal' | 'food' | 'tool';
  /** Questions as BoolQ has them; {p} is a person. */
  readonly questions: readonly string[];
  /** "something {trait}". */
  readonly trait: string;
}

export const uses: readonly Use[] = [
  {
    group: 'animal',
    questions: ['is it alive', 'could it run away from {p}', 'does it breathe'],
    trait: 'alive',
  },
  {
    group: 'food',
    questions: ['is it good to eat', 'could {p} have it for lunch', 'does it go into a kitchen'],
    trait: 'good to eat',
  },
  {
    group: 'tool',
    questions: ['is it made by a smith', 'could {p} do some work with it', 'does it belong in a workshop'],
    trait: 'made by a smith',
  },
];
