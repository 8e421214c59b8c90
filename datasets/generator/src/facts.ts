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
/** The bare form with the thing: "keep a dorvel". */
export const bareThing = ({ fact, thing }: Statement): string => fill(fact.bareThing, thing);
/** The bare form with the kind: "keep a bird". */
const bareKind = ({ fact, kind }: Statement): string => fill(fact.bareKind, kind);

/** The statement or its denial, "does not keep a bird", with its thing or its kind. */
export function claim(statement: Statement, positive: boolean, withKind: boolean): string {
  if (positive) return withKind ? sayKind(statement) : sayThing(statement);
  return `${statement.fact.denial} ${withKind ? bareKind(statement) : bareThing(statement)}`;
}

/** The same statement about another kind of its group, so that it is false. */
export function falsify(random: Random, statement: Statement): Statement {
  return { ...statement, kind: kindOther(random, statement.group, statement.kind) };
}

export const withArticles = (text: string): string => text.replace(/\b([aA]) (?=[aeiou])/g, '$1n ');
const fill = (template: string, word: string): string => withArticles(template.replace('{x}', word));

export const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const subject = (person: { gender: 'male' | 'female' }): string => (person.gender === 'male' ? 'he' : 'she');
