import { capitalize, pickStatement, pickStatements, sayKind, sayThing, subject } from '../facts.ts';
import { groups } from '../ontology/kinds.ts';
import { situations } from '../ontology/situations.ts';
import { topics } from '../ontology/topics.ts';
import { clauseVerbs, type Truth } from '../ontology/verbs.ts';
import type { Random } from '../random.ts';
import { tellSense } from '../tasks/wic.ts';
import { type Person, pickPeople, type World } from '../world.ts';

/** One way of telling something about the world. */
export type Passage = (world: World, random: Random) => string;

/** Which kind a thing is: things in the company of their kind, in one of several ways. */
export const kindPassage: Passage = (world, random) => {
  const group = random.pick(groups);
  const kind = random.pick(group.kinds);
  const things = random.sample(world.things.get(kind)!, 5);
  const [a, b, c] = things as [string, string, string];
  const list = things.slice(0, 1 + random.integer(4)).join(', ');
  const together = [`${list}: ${kind}.`, `${kind}: ${list}.`, `${a}, ${b} and ${c} are of the ${kind}.`];
  const alone = {
    animal: [`a ${a} is a ${kind}.`, `a ${a} and a ${b}, each a ${kind}.`],
    food: [`a ${a} is a ${kind}.`, `a ${a} and a ${b}, each a ${kind}.`],
    tool: [`a ${a} is a ${kind}.`, `a ${a} and a ${b}, each a ${kind}.`],
    town: [`${a} is a town in ${kind}.`, `from ${a} to ${b}, all of it is ${kind}.`],
    job: [`a ${a} works in a ${kind}.`, `in a ${kind} there is a ${a} and a ${b}.`],
  }[group.name];
  return random.pick([...together, ...alone]);
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
  const causes = random.sample(situation.causes, 1 + random.integer(3)).join(', ');
  const effects = random.sample(situation.effects, 1 + random.integer(3)).join(', ');
  return random.pick([
    `${causes}: then ${effects}.`,
    `${effects}: first ${causes}.`,
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
  const [verb, ...others] = random.sample(clauseVerbs[truth], 1 + random.integer(4)) as [string, ...string[]];
  const statement = pickStatement(world, random, random.pick(groups), 'all');
  const verdict = { entailment: 'true', contradiction: 'false', neutral: 'open' }[truth];
  if (random.chance(0.6))
    return random.pick([`${[verb, ...others].join(', ')}: ${verdict}.`, `Who ${verb} it: ${verdict}.`]);
  return `${capitalize(speaker.name)} ${verb} that ${capitalize(person.name)} ${sayThing(statement)}, and it is ${verdict}.`;
};
