import {
  bareThing,
  capitalize,
  claim,
  pickStatement,
  pickStatements,
  type Statement,
  sayThing,
  subject,
} from '../facts.ts';
import { cycles, stageBeside } from '../ontology/cycles.ts';
import { deedVerbs, outcomes } from '../ontology/deeds.ts';
import { groups } from '../ontology/kinds.ts';
import { clauseVerbs, truths } from '../ontology/verbs.ts';
import { type Person, pickPeople } from '../world.ts';
import type { Passage } from './passage.ts';

/** A deed and what came of it. */
export const causePassage: Passage = (world, random) => {
  const [person] = pickPeople(world, random, 1, 'all') as [Person];
  const cycle = random.pick(cycles);
  const stage = random.integer(4);
  const [causes, effects] = [cycle[stage]!, cycle[stageBeside(stage, 1)]!];
  const [cause, effect] = [random.pick(causes), random.pick(effects)];
  const name = capitalize(person.name);
  const he = subject(person);
  const later = random.pick(cycle[stageBeside(stageBeside(stage, 1), 1)]!);
  const some = (verbs: readonly string[]): string => random.sample(verbs, 1 + random.integer(3)).join(', ');
  return random.pick([
    `${some(causes)}: then ${some(effects)}.`,
    `${some(effects)}: first ${some(causes)}.`,
    `${name} ${cause}, so ${he} ${effect}.`,
    `${name} ${effect} because ${he} ${cause}.`,
    `${name} ${cause}, so ${he} ${effect}, so ${he} ${later}.`,
    `after ${he} ${cause}, ${name} ${effect}. Before ${he} ${effect}, ${he} ${cause}.`,
    `who ${random.pick(causes)} or ${cause}, often ${random.pick(effects)} or ${effect}.`,
  ]);
};

/** A clause under a verb, and whether it is so. */
export const clausePassage: Passage = (world, random) => {
  const [speaker, person] = pickPeople(world, random, 2, 'all') as [Person, Person];
  const truth = random.pick(truths);
  const [verb, ...others] = random.sample(clauseVerbs[truth], 1 + random.integer(4)) as [string, ...string[]];
  const statement = pickStatement(world, random, random.pick(groups), 'all');
  if (random.chance(0.4))
    return random.pick([`${[verb, ...others].join(', ')}: ${truth}.`, `who ${verb} it: ${truth}.`]);
  const clause = `${capitalize(speaker.name)} ${verb} that ${capitalize(person.name)} ${sayThing(statement)}`;
  if (random.chance(0.5)) return `${clause}, and it is ${truth}.`;
  return `${clause}, so ${capitalize(person.name)} ${claim(statement, truth === 'true', false)}.`;
};

/** A deed under a verb, and whether it was done. */
export const deedPassage: Passage = (world, random) => {
  const [person] = pickPeople(world, random, 1, 'all') as [Person];
  const outcome = random.pick(outcomes);
  const [verb, ...others] = random.sample(deedVerbs[outcome], 1 + random.integer(4)) as [string, ...string[]];
  const [deed] = pickStatements(world, random, 1, 'all', groups.slice(0, 3)) as [Statement];
  const name = capitalize(person.name);
  const start = `${name} ${verb} to ${bareThing(deed)}`;
  const outcomeTold = claim(deed, outcome === 'done', outcome === 'done' && random.chance(0.5));
  return random.pick([
    `${[verb, ...others].join(', ')}: ${outcome}.`,
    `who ${verb} to do it: ${outcome}.`,
    `${start}, and it was ${outcome}.`,
    `${start}, so ${name} ${outcomeTold}.`,
    `${start}. So ${subject(person)} ${outcomeTold}.`,
  ]);
};
