import {
  bareThing,
  capitalize,
  claim,
  falsify,
  pickStatement,
  pickStatements,
  type Statement,
  sayKind,
  sayThing,
} from '../facts.ts';
import { deedVerbs } from '../ontology/deeds.ts';
import { kinship } from '../ontology/kin.ts';
import { groupNamed } from '../ontology/kinds.ts';
import { labours } from '../ontology/labours.ts';
import { inScope, type Person, pickPeople, pickThing } from '../world.ts';
import type { SampleCall } from './recipe.ts';

/** A premise and a hypothesis that follows from it (answer 0) or does not (answer 1), tagged as in AX-b. */
interface Entailment {
  readonly premise: string;
  readonly hypothesis: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type EntailmentMaker = (call: SampleCall) => Entailment;

const doable = ['animal', 'food', 'tool'] as const;
const asides = (['town', 'job'] as const).map(groupNamed);

/**
 * "managed to" means that the deed was done, "failed to" that it was not; the hypothesis affirms or denies it (a denial
 * is about the thing itself: who did not eat this cheese may have eaten another one).
 */
export const implicative: EntailmentMaker = ({ world, random, scope, answer }) => {
  const [person] = pickPeople(world, random, 1, scope) as [Person];
  const done = random.chance(0.5);
  const positive = done === (answer === 0);
  const verb = random.pick(inScope(deedVerbs[done ? 'done' : 'undone'], scope));
  const deed = pickStatement(world, random, groupNamed(random.pick(doable)), scope);
  const [aside] = pickStatements(world, random, 1, scope, asides) as [Statement];
  const name = capitalize(person.name);
  return {
    premise: `${name}, who ${sayThing(aside)}, ${verb} to ${bareThing(deed)}.`,
    hypothesis: `${name} ${claim(deed, positive, positive && random.chance(0.5))}.`,
    tags: { 'lexical-semantics': 'Factivity', ...(positive ? {} : { logic: 'Negation' }) },
  };
};

/** What is said of a thing holds of its kind. */
export const kindOfThing: EntailmentMaker = ({ world, random, scope, answer }) => {
  const [person] = pickPeople(world, random, 1, scope) as [Person];
  const statements = pickStatements(world, random, 2, scope) as [Statement, Statement];
  const target = random.pick(statements);
  const name = capitalize(person.name);
  return {
    premise: `${name} ${sayThing(statements[0])} and ${sayThing(statements[1])}.`,
    hypothesis: `${name} ${sayKind(answer === 0 ? target : falsify(random, target))}.`,
    tags: { knowledge: 'World knowledge', 'lexical-semantics': 'Lexical entailment' },
  };
};

/** "A is the mother of B" means that B is a child of A. */
export const kin: EntailmentMaker = ({ world, random, scope, answer }) => {
  const [a, b] = pickPeople(world, random, 2, scope) as [Person, Person];
  const relation = random.pick(kinship);
  const said = kinship.find(({ name }) => name === relation.inverse)!;
  const claimed = answer === 0 ? said : random.pick(kinship.filter((other) => other !== said));
  const [one, other] = [capitalize(a.name), capitalize(b.name)];
  return {
    premise: `${one} is the ${relation.words[a.gender]} of ${other}.`,
    hypothesis: `${other} is the ${claimed.words[b.gender]} of ${one}.`,
    tags: { 'lexical-semantics': 'Symmetry/Collectivity' },
  };
};

/** Of two people at work, the pronoun means the one whose work it is. */
export function pronoun(call: SampleCall, gender: Person['gender'] = call.random.pick(['male', 'female'])): Entailment {
  const { world, random, scope, answer } = call;
  const workplaces = random.sample(groupNamed('job').kinds, 2) as [string, string];
  const [first, second] = workplaces.map((workplace) => pickThing(world, random, workplace, scope));
  const doer = random.integer(2);
  const labour = random.pick(labours[workplaces[doer]!]!);
  const claimed = (answer === 0) === (doer === 0) ? first : second;
  const tell = (he: string): Entailment => ({
    premise: `The ${first} met the ${second} because ${he} had to ${labour}.`,
    hypothesis: `The ${claimed} had to ${labour}.`,
    tags: { 'predicate-argument-structure': 'Anaphora/Coreference', knowledge: 'Common sense' },
  });
  return tell(gender === 'male' ? 'he' : 'she');
}
