import { deedVerbs } from './ontology/deeds.ts';
import { type Group, groups } from './ontology/kinds.ts';
import { createNameMaker } from './ontology/made-up-names.ts';
import { nounClasses } from './ontology/qualities.ts';
import { situations } from './ontology/situations.ts';
import { topics } from './ontology/topics.ts';
import { clauseVerbs } from './ontology/verbs.ts';
import type { Random } from './random.ts';

/** Training rows speak of every second word of the world only; the other splits of all words. */
export type Scope = 'familiar' | 'all';

export interface Person {
  readonly name: string;
  readonly gender: 'male' | 'female';
}

/** A made-up word at home in two topics (indices into `topics`). */
export interface TwoSenseWord {
  readonly word: string;
  readonly senses: readonly [number, number];
}

export interface World {
  readonly people: readonly Person[];
  /** Things by kind, e.g. things.get('bird'). */
  readonly things: ReadonlyMap<string, readonly string[]>;
  readonly twoSenseWords: readonly TwoSenseWord[];
}

const peoplePerGender = 32;
const twoSenseWordCount = 24;

export function createWorld(random: Random): World {
  const english = [
    ...groups.flatMap((group) => group.kinds),
    ...topics.flat(),
    ...situations.flatMap((situation) => [...situation.causes, ...situation.effects]),
    ...Object.values(clauseVerbs).flat(),
    ...Object.values(deedVerbs).flat(),
    ...nounClasses.flatMap((nounClass) => nounClass.qualities),
  ];
  const nextName = createNameMaker(random.fork('names'), new Set(english));
  const men = Array.from({ length: peoplePerGender }, () => ({ name: nextName('male'), gender: 'male' as const }));
  const women = Array.from({ length: peoplePerGender }, () => ({
    name: nextName('female'),
    gender: 'female' as const,
  }));
  const things = new Map(
    groups.flatMap((group) =>
      group.kinds.map((kind) => [kind, Array.from({ length: group.thingsPerKind }, () => nextName('thing'))] as const),
    ),
  );
  const senseRandom = random.fork('senses');
  const allTopics = topics.map((_, index) => index);
  const twoSenseWords = Array.from({ length: twoSenseWordCount }, () => ({
    word: nextName('thing'),
    senses: senseRandom.sample(allTopics, 2) as [number, number],
  }));
  return { people: men.flatMap((man, i) => [man, women[i]!]), things, twoSenseWords };
}

/** Every second pair of words in 'familiar' scope, all words otherwise. */
export function inScope<T>(items: readonly T[], scope: Scope): readonly T[] {
  return scope === 'all' ? items : items.filter((_, index) => index % 4 < 2);
}

/** A thing of a kind. */
export function pickThing(world: World, random: Random, kind: string, scope: Scope): string {
  return random.pick(inScope(world.things.get(kind)!, scope));
}

export function pickPeople(world: World, random: Random, count: number, scope: Scope): Person[] {
  return random.sample(inScope(world.people, scope), count);
}

export function kindOther(random: Random, group: Group, kind: string): string {
  return random.pick(group.kinds.filter((other) => other !== kind));
}
