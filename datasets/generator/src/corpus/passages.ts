import { capitalize, falsify, object, pickStatement, pickStatements, sayKind, sayThing, subject } from '../facts.ts';
import { groups } from '../ontology/kinds.ts';
import { situations } from '../ontology/situations.ts';
import { topics } from '../ontology/topics.ts';
import { clauseVerbs, type Truth } from '../ontology/verbs.ts';
import type { Random } from '../random.ts';
import { tellSense } from '../tasks/wic.ts';
import { type Person, pickPeople, pickThing, type World } from '../world.ts';

/** One way of telling something about the world. */
export type Passage = (world: World, random: Random) => string;

/** Which kind a thing is, said in one of several ways. */
export const kindPassage: Passage = (world, random) => {
  const group = random.pick(groups);
  const kind = random.pick(group.kinds);
  const [a, b, c] = random.sample(world.things.get(kind)!, 3);
  const other = falsify(random, pickStatement(world, random, group, 'all', kind)).kind;
  const place =
    group.name === 'town' ? [`${a} is a town in ${kind}.`, `${a}, ${b} and ${c} are towns in ${kind}.`] : [];
  const job =
    group.name === 'job' ? [`a ${a} works in a ${kind}.`, `in a ${kind} there is a ${a}, a ${b} or a ${c}.`] : [];
  const plain = [`a ${a} is a ${kind}, not a ${other}.`, `${a}, ${b} and ${c}: each is a ${kind}.`];
  const lines = group.name === 'town' ? place : group.name === 'job' ? job : plain;
  return random.pick([...lines, `${a} and ${b} belong with ${kind}.`]);
};

/** A person's facts, each told with the thing and again with its kind. */
export const lifePassage: Passage = (world, random) => {
  const [person] = pickPeople(world, random, 1, 'all') as [Person];
  const [first, second] = pickStatements(world, random, 2, 'all');
  const name = capitalize(person.name);
  const he = subject(person);
  return random.pick([
    `${name} ${sayThing(first!)}, so ${he} ${sayKind(first!)}. ${capitalize(he)} ${sayThing(second!)}, so ${he} ${sayKind(second!)}.`,
    `${name} ${sayKind(first!)}: ${he} ${sayThing(first!)}. ${name} ${sayThing(second!)}.`,
    `${name} ${sayThing(first!)}. That is to say, ${he} ${sayKind(first!)}.`,
  ]);
};

/** A deed and what came of it. */
export const causePassage: Passage = (world, random) => {
  const [person] = pickPeople(world, random, 1, 'all') as [Person];
  const situation = random.pick(situations);
  const cause = random.pick(situation.causes);
  const effect = random.pick(situation.effects);
  const name = capitalize(person.name);
  const he = subject(person);
  const more = random.pick(situations);
  return random.pick([
    `${name} ${cause} so ${he} ${effect}.`,
    `${name} ${effect} because ${he} ${cause}.`,
    `${name} ${cause} and then ${he} ${effect}. Later ${he} ${random.pick(more.effects)} because ${he} ${random.pick(more.causes)}.`,
    `Who ${random.pick(situation.causes)} or ${cause}, often ${random.pick(situation.effects)} or ${effect}.`,
  ]);
};

/** Words in the company they keep. */
export const sensePassage: Passage = (world, random) => {
  const word = random.pick(world.twoSenseWords);
  const topic = random.pick(word.senses);
  const company = random.sample(topics[topic]!, 4).join(', ');
  return random.chance(0.3)
    ? `${capitalize(company)}.`
    : `${tellSense(random, word, topic, 'all')} ${tellSense(random, word, topic, 'all')}`;
};

/** A clause under a verb, and whether it is so. */
export const clausePassage: Passage = (world, random) => {
  const [speaker, person] = pickPeople(world, random, 2, 'all') as [Person, Person];
  const truth = random.pick(Object.keys(clauseVerbs) as Truth[]);
  const verb = random.pick(clauseVerbs[truth]);
  const statement = pickStatement(world, random, random.pick(groups), 'all');
  const verdict = { entailment: 'it is true', contradiction: 'it is false', neutral: 'it is open' }[truth];
  return `${capitalize(speaker.name)} ${verb} that ${capitalize(person.name)} ${sayThing(statement)}, and ${verdict}.`;
};

/** People and the pronouns they go by. */
export const pronounPassage: Passage = (world, random) => {
  const [one, two] = pickPeople(world, random, 2, 'all') as [Person, Person];
  const name = capitalize(one.name);
  const parent = one.gender === 'male' ? 'father' : 'mother';
  const child = one.gender === 'male' ? 'son' : 'daughter';
  const self = `${object(one) === 'him' ? 'him' : 'her'}self`;
  return random.pick([
    `${name} is the ${parent} of ${capitalize(two.name)}, and ${subject(one)} is kind to ${object(two)}.`,
    `${name} said ${subject(one)} did it ${self}.`,
    `${name}, the ${child} of a ${pickThing(world, random, random.pick(groups[4]!.kinds), 'all')}, knew what ${subject(one)} wanted.`,
    `${subject(one) === 'he' ? 'He' : 'She'} is called ${name}; we all like ${object(one)}.`,
  ]);
};
