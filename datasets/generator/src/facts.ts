import { type Fact, type Group, groups } from './ontology/kinds.ts';
import type { Random } from './random.ts';
import { kindOther, pickThing, type Scope, type World } from './world.ts';

/** Something said of a person: which fact, with which thing of which kind. */
export interface Statement {
  readonly group: Group;
  readonly fact: Fact;
  readonly kind: string;
  readonly thing: string;
}

/** Statements of different groups. */
export function pickStatements(
  world: World,
  random: Random,
  count: number,
  scope: Scope,
  among: readonly Group[] = groups,
): Statement[] {
  return random.sample(among, count).map((group) => pickStatement(world, random, group, scope));
}

export function pickStatement(
  world: World,
  random: Random,
  group: Group,
  scope: Scope,
  kind: string = random.pick(group.kinds),
): Statement {
  return { group, fact: random.pick(group.facts), kind, thing: pickThing(world, random, kind, scope) };
}

/** The statement with its thing: "keeps a dorvel". */
export const sayThing = ({ fact, thing }: Statement): string => fill(fact.thing, thing);
/** The statement with its kind only: "keeps a bird". */
export const sayKind = ({ fact, kind }: Statement): string => fill(fact.kind, kind);
/** The bare form after "does": "keep a bird". */
export const askKind = ({ fact, kind }: Statement): string => fill(fact.question, kind);

/** The bare form with the thing: "keep a dorvel". */
export const askThing = ({ fact, thing }: Statement): string => fill(fact.question, thing);

/** The same statement about another kind of its group, so that it is false. */
export function falsify(random: Random, statement: Statement): Statement {
  return { ...statement, kind: kindOther(random, statement.group, statement.kind) };
}

export function fill(template: string, word: string): string {
  return template.replace('{x}', word).replace(/\ba ([aeiou])/g, 'an $1');
}

export const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const subject = (person: { gender: 'male' | 'female' }): string => (person.gender === 'male' ? 'he' : 'she');
export const object = (person: { gender: 'male' | 'female' }): string => (person.gender === 'male' ? 'him' : 'her');
