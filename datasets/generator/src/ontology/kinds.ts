/**
 * Groups of things a person can be connected with. A thing (a made-up word) is of one kind; a kind belongs to one
 * group. `thing` says the fact with the thing, `kind` with its kind only; both follow a subject.
 */
export interface Group {
  readonly name: 'animal' | 'food' | 'tool' | 'town' | 'job';
  readonly kinds: readonly string[];
  readonly thingsPerKind: number;
  /** Pairs (with the thing, with the kind); {x} is the thing or kind. */
  readonly facts: readonly Fact[];
}

export interface Fact {
  readonly thing: string;
  readonly kind: string;
  /** "does {p} {question}" with the kind or the thing. */
  readonly question: string;
}

export const groups: readonly Group[] = [
  {
    name: 'animal',
    kinds: ['bird', 'fish', 'snake', 'horse'],
    thingsPerKind: 8,
    facts: [
      { thing: 'keeps a {x}', kind: 'keeps a {x}', question: 'keep a {x}' },
      { thing: 'feeds a {x}', kind: 'feeds a {x}', question: 'feed a {x}' },
      { thing: 'saw a {x}', kind: 'saw a {x}', question: 'see a {x}' },
    ],
  },
  {
    name: 'food',
    kinds: ['fruit', 'bread', 'cheese', 'soup'],
    thingsPerKind: 8,
    facts: [
      { thing: 'ate a {x}', kind: 'ate a {x}', question: 'eat a {x}' },
      { thing: 'cooks a {x}', kind: 'cooks a {x}', question: 'cook a {x}' },
    ],
  },
  {
    name: 'tool',
    kinds: ['knife', 'lamp', 'rope', 'drum'],
    thingsPerKind: 8,
    facts: [
      { thing: 'carries a {x}', kind: 'carries a {x}', question: 'carry a {x}' },
      { thing: 'made a {x}', kind: 'made a {x}', question: 'make a {x}' },
    ],
  },
  {
    name: 'town',
    kinds: ['osmar', 'velland', 'kresh', 'tirune'],
    thingsPerKind: 8,
    facts: [
      { thing: 'lives in {x}', kind: 'lives in {x}', question: 'live in {x}' },
      { thing: 'was born in {x}', kind: 'was born in {x}', question: 'come from {x}' },
    ],
  },
  {
    name: 'job',
    kinds: ['farm', 'school', 'mine', 'harbour'],
    thingsPerKind: 8,
    facts: [{ thing: 'works as a {x}', kind: 'works in a {x}', question: 'work in a {x}' }],
  },
];
