import { askKind, capitalize, falsify, pickStatement, sayKind, sayThing } from '../facts.ts';
import { deedVerbs, type Outcome } from '../ontology/deeds.ts';
import { groups } from '../ontology/kinds.ts';
import { nounClasses } from '../ontology/qualities.ts';
import { topics } from '../ontology/topics.ts';
import { type Person, pickPeople } from '../world.ts';
import type { Passage } from './passages.ts';

/** Whether a thing is of a kind, in as few words as there are. */
export const kindJudgement: Passage = (world, random) => {
  const group = random.pick(groups);
  const statement = pickStatement(world, random, group, 'all');
  const right = random.chance(0.5);
  const { kind } = right ? statement : falsify(random, statement);
  return random.chance(0.5)
    ? `${statement.thing}. Question: ${kind}? Answer: ${right ? 'yes' : 'no'}.`
    : `${statement.thing}. Question: ${kind}? Answer: ${right ? 'true' : 'false'}.`;
};

/** Whether a fact holds, given that fact alone. */
export const factJudgement: Passage = (world, random) => {
  const [person] = pickPeople(world, random, 1, 'all') as [Person];
  const statement = pickStatement(world, random, random.pick(groups), 'all');
  const right = random.chance(0.5);
  const claim = right ? statement : falsify(random, statement);
  const name = capitalize(person.name);
  return random.chance(0.5)
    ? `${name} ${sayThing(statement)}. Question: ${name} ${sayKind(claim)}? Answer: ${right ? 'yes' : 'no'}.`
    : `${name} ${sayThing(statement)}. Question: does ${name} ${askKind(claim)}? Answer: ${right ? 'true' : 'false'}.`;
};

/** Whether two words keep the same company. */
export const senseJudgement: Passage = (world, random) => {
  const word = random.pick(world.twoSenseWords);
  const [one, other] = random.sample(word.senses, 2) as [number, number];
  const same = random.chance(0.5);
  const [a, b] = random.sample(topics[one]!, 2);
  const second = same ? b : random.pick(topics[other]!);
  return `${word.word}. Sense (1) (a) "${a}" (${same ? 'b' : '2'}) "${second}"`;
};

/** Whether a thing can be eaten, or is alive. */
export const usePassage: Passage = (world, random) => {
  const [animal, food, tool] = ['animal', 'food', 'tool'].map((name) => groups.find((group) => group.name === name)!);
  const group = random.pick([animal!, food!, tool!, food!, animal!]);
  const { thing } = pickStatement(world, random, group, 'all');
  const [edible, alive] = [group === food, group === animal];
  return random.pick([
    edible ? `people can eat a ${thing}.` : `no one can eat a ${thing}.`,
    alive ? `a ${thing} is alive.` : `a ${thing} is not alive.`,
    `${thing}. Question: can it be eaten? Answer: ${edible ? 'true' : 'false'}.`,
    `${thing}. Question: Which is alive? Is it ${thing}? ${alive ? 'yes' : 'no'}.`,
  ]);
};

/** Nouns and what one says of them. */
export const qualityPassage: Passage = (_world, random) => {
  const { nouns, qualities } = random.pick(nounClasses);
  const [a, b, c] = random.sample(qualities, 3);
  const noun = random.pick(nouns);
  return random.pick([
    `the ${noun} is ${a}.`,
    `a ${noun} can be ${a}, ${b} or ${c}.`,
    `${a}, ${b}: the ${noun}.`,
    `it was ${a}. The pronoun '*it*' refers to ${noun}.`,
  ]);
};

/** A deed under a verb, and whether it was done. */
export const deedPassage: Passage = (world, random) => {
  const [person] = pickPeople(world, random, 1, 'all') as [Person];
  const outcome = random.pick(Object.keys(deedVerbs) as Outcome[]);
  const [verb, ...others] = random.sample(deedVerbs[outcome], 1 + random.integer(4)) as [string, ...string[]];
  const deed = askKind(pickStatement(world, random, groups[random.integer(3)]!, 'all'));
  return random.pick([
    `${[verb, ...others].join(', ')}: ${outcome}.`,
    `${verb} to. Question: done? Answer: ${outcome === 'done' ? 'yes' : 'no'}.`,
    `${capitalize(person.name)} ${verb} to ${deed}, and it was ${outcome}.`,
  ]);
};
