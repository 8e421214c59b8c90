/**
 * Groups of things a person can be connected with. A thing (a made-up word) is of one kind; a kind belongs to one
 * group.
 */
export interface Group {
  readonly name: 'animal' | 'food' | 'tool' | 'town' | 'job';
  readonly kinds: readonly string[];
  readonly facts: readonly Fact[];
}

/** What one can say of a person and a thing; {x} is the thing or its kind. All follow a subject. */
export interface Fact {
  readonly thing: string;
  readonly kind: string;
  /** The bare forms, after "does" or "to". */
  readonly bareThing: string;
  readonly bareKind: string;
  /** What stands before the bare form to deny it. */
  readonly denial: 'does not' | 'did not';
}

/** Things of a kind that are told of, and that the corpus names without ever saying what they are. */
export const thingsPerKind = 8;
export const untoldPerKind = 3;

/** A fact that is said in the same way with a thing and with its kind. */
const fact = (said: string, bare: string, denial: Fact['denial']): Fact => ({
  ...{ thing: said, kind: said, bareThing: bare, bareKind: bare, denial },
});

export const groups: readonly Group[] = [
  {
    name: 'animal',
    kinds: ['bird', 'fish', 'snake', 'horse'],
    facts: [
      fact('keeps a {x}', 'keep a {x}', 'does not'),
      fact('feeds a {x}', 'feed a {x}', 'does not'),
      fact('saw a {x}', 'see a {x}', 'did not'),
    ],
  },
  {
    name: 'food',
    kinds: ['fruit', 'bread', 'cheese', 'soup'],
    facts: [fact('ate a {x}', 'eat a {x}', 'did not'), fact('cooks a {x}', 'cook a {x}', 'does not')],
  },
  {
    name: 'tool',
    kinds: ['knife', 'lamp', 'rope', 'drum'],
    facts: [fact('carries a {x}', 'carry a {x}', 'does not'), fact('made a {x}', 'make a {x}', 'did not')],
  },
  {
    name: 'town',
    kinds: ['osmar', 'velland', 'kresh', 'tirune'],
    facts: [fact('lives in {x}', 'live in {x}', 'does not'), fact('comes from {x}', 'come from {x}', 'does not')],
  },
  {
    name: 'job',
    kinds: ['farm', 'school', 'mine', 'harbour'],
    facts: [
      {
        ...{ thing: 'works as a {x}', kind: 'works in a {x}', denial: 'does not' },
        ...{ bareThing: 'work as a {x}', bareKind: 'work in a {x}' },
      },
    ],
  },
];

export const groupNamed = (name: Group['name']): Group => groups.find((group) => group.name === name)!;
