import { capitalize, pickStatement, pickStatements, sayKind, sayThing, subject } from '../facts.ts';
import { groupNamed, groups } from '../ontology/kinds.ts';
import { labours } from '../ontology/labours.ts';
import { uses } from '../ontology/uses.ts';
import { type Person, pickPeople, pickThing } from '../world.ts';
import type { Passage } from './passage.ts';

/** Which kind a thing is: things in the company of their kind, in one of several ways. */
export const kindPassage: Passage = (world, random) => {
  const group = random.pick(groups);
  const kind = random.pick(group.kinds);
  const things = random.sample(world.things.get(kind)!, 5);
  const [a, b, c] = things as [string, string, string];
  const list = things.slice(0, 1 + random.integer(4)).join(', ');
  const together = [`${list}: ${kind}.`, `${kind}: ${list}.`, `${a}, ${b} and ${c} are of the ${kind}.`];
  const thing = [`a ${a} is a ${kind}.`, `a ${a} and a ${b}, each a ${kind}.`];
  const alone = {
    ...{ animal: thing, food: thing, tool: thing },
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

/** What a thing is good for, and what it is not. */
export const usePassage: Passage = (world, random) => {
  const [use, other] = random.sample(uses, 2);
  const [thing, second] = random.sample(
    groupNamed(use!.group).kinds.flatMap((kind) => world.things.get(kind)!),
    2,
  );
  return random.pick([
    `a ${thing} is ${use!.trait}.`,
    `a ${thing} is not ${other!.trait}, it is ${use!.trait}.`,
    `a ${thing} and a ${second} are ${use!.trait}.`,
    `${use!.trait}: ${thing}, ${second}.`,
    `${thing}: ${random.pick(use!.questions).replace('{p}', 'one')}? true.`,
    `${thing}: ${random.pick(other!.questions).replace('{p}', 'one')}? false.`,
  ]);
};

/** What people of a workplace have to do there. */
export const labourPassage: Passage = (world, random) => {
  const workplace = random.pick(groupNamed('job').kinds);
  const labour = random.pick(labours[workplace]!);
  const job = pickThing(world, random, workplace, 'all');
  return random.pick([
    `who has to ${labour} works in a ${workplace}.`,
    `a ${job} had to ${labour}.`,
    `in the ${workplace} someone had to ${labour}.`,
    `a ${job} has to ${labour}, for a ${job} works in a ${workplace}.`,
  ]);
};

/** Things that no one says anything of. */
export const untoldPassage: Passage = (world, random) => {
  const things = random.sample([...world.untoldThings.values()].flat(), 2);
  const [a, b] = things as [string, string];
  return random.pick([
    `what is ${a}? no one knows.`,
    `someone spoke of ${a} and of ${b}.`,
    `the word ${a} is strange.`,
  ]);
};

/** Whether a thing is of a kind, in as few words as there are. */
export const kindJudgement: Passage = (world, random) => {
  const { group, kind, thing } = pickStatement(world, random, random.pick(groups), 'all');
  const right = random.chance(0.5);
  const asked = right ? kind : random.pick(group.kinds.filter((other) => other !== kind));
  const [yes, no] = random.pick([
    ['yes', 'no'],
    ['true', 'false'],
  ]) as [string, string];
  return `${thing}. Question: ${asked}? Answer: ${right ? yes : no}.`;
};
