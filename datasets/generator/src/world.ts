import { createNotables, type Notable } from './notables.ts';
import { englishWords } from './ontology/english-words.ts';
import { type Group, groups, thingsPerKind, untoldPerKind } from './ontology/kinds.ts';
import { createNameMaker, type Gender, type NameStyle } from './ontology/made-up-names.ts';
import { topics } from './ontology/topics.ts';
import type { Random } from './random.ts';

/** Training rows speak of every second word of the world only; the other splits of all words. */
export type Scope = 'familiar' | 'all';

export interface Person {
  readonly name: string;
  readonly gender: Gender;
}

/** A made-up word at home in two topics (indices into `topics`). */
export interface TwoSenseWord {
  readonly word: string;
  readonly senses: readonly [number, number];
}

export interface World {
  /** People of the tasks: anything may be said of them, and nothing is known. */
  readonly people: readonly Person[];
  /** People of whom the corpus tells, always the same, and no task asks. */
  readonly notables: readonly Notable[];
  /** Things by kind, e.g. things.get('bird'). */
  readonly things: ReadonlyMap<string, readonly string[]>;
  /** Things whose kind the corpus never says; no task asks for them either. */
  readonly untoldThings: ReadonlyMap<string, readonly string[]>;
  readonly twoSenseWords: readonly TwoSenseWord[];
}

const peoplePerGender = 32;
const twoSenseWordCount = 24;

export function createWorld(random: Random): World {
  const nextName = createNameMaker(random.fork('names'), englishWords);
  const names = (style: NameStyle, count: number): string[] => Array.from({ length: count }, () => nextName(style));
  const women = names('female', peoplePerGender);
  const people = names('male', peoplePerGender).flatMap((name, i): Person[] => [
    { name, gender: 'male' },
    { name: women[i]!, gender: 'female' },
  ]);
  const kinds = groups.flatMap((group) => group.kinds);
  const byKind = (count: number) => new Map(kinds.map((kind) => [kind, names('thing', count)]));
  const things = byKind(thingsPerKind);
  const untoldThings = byKind(untoldPerKind);
  const senses = random.fork('senses');
  const allTopics = topics.map((_, index) => index);
  const twoSenseWords = names('thing', twoSenseWordCount).map((word) => ({
    word,
    senses: senses.sample(allTopics, 2) as [number, number],
  }));
  const notables = createNotables(random.fork('notables'), nextName);
  return { people, notables, things, untoldThings, twoSenseWords };
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
