import { capitalize, subject } from '../facts.ts';
import type { NotableFact } from '../notables.ts';
import { kinship } from '../ontology/kin.ts';
import { labours } from '../ontology/labours.ts';
import { type Person, pickPeople } from '../world.ts';
import type { Passage } from './passage.ts';

/** Ways to tell a fact of a notable: {x} is the person or a pronoun, {y} what is told. */
const tellings: Readonly<Record<NotableFact, readonly string[]>> = {
  birthplace: ['{x} was born in {y}', '{x} first saw the light in {y}', '{x} grew up in {y}'],
  workplace: ['{x} earned a living in a {y}', '{x} spent the days in a {y}', '{x} had a post in a {y}'],
  father: ['the father of {x} was {y}', '{x} was a child of {y}'],
};
const questions: Readonly<Record<NotableFact, string>> = {
  birthplace: 'where was {x} born',
  workplace: 'where did {x} earn a living',
  father: 'who was the father of {x}',
};

/** What the corpus states of a notable, told in a story with pronouns, or asked and answered. */
export const notablePassage: Passage = (world, random) => {
  const { name: word, gender, facts, told } = random.pick(world.notables);
  const name = capitalize(word);
  const he = subject({ gender });
  const said = random.sample(told, told.length).filter((fact) => facts[fact] !== undefined);
  const say = (fact: NotableFact, who: string): string =>
    random.pick(tellings[fact]).replace('{x}', who).replace('{y}', nameOf(fact, facts[fact]!));
  const [first, second] = said as [NotableFact, NotableFact?];
  if (first === undefined) return `everyone knows ${name}.`;
  if (random.chance(0.4))
    return `Question: ${questions[first].replace('{x}', name)}? Answer: ${nameOf(first, facts[first]!)}.`;
  if (second === undefined || random.chance(0.4)) return `${capitalize(say(first, name))}.`;
  const start = capitalize(say(first, name));
  if (second === 'father') return `${start}. ${capitalize(say(second, name))}.`;
  return random.pick([`${start}, and ${say(second, he)}.`, `${start}. ${capitalize(say(second, he))} too.`]);
};

/** A person's name begins with a capital; countries and workplaces are told as they are. */
const nameOf = (fact: NotableFact, value: string): string => (fact === 'father' ? capitalize(value) : value);

/** What two people are to each other, told from both sides. */
export const kinPassage: Passage = (world, random) => {
  const [a, b] = pickPeople(world, random, 2, 'all') as [Person, Person];
  const relation = random.pick(kinship);
  const inverse = kinship.find(({ name }) => name === relation.inverse)!;
  const [one, other] = [relation.words[a.gender], inverse.words[b.gender]];
  const [first, second] = [capitalize(a.name), capitalize(b.name)];
  const { male, female } = inverse.words;
  return random.pick([
    `${first} is the ${one} of ${second}, so ${second} is the ${other} of ${first}.`,
    `who is ${one} of someone has a ${male} or a ${female}.`,
    `${one} and ${other}: ${first} and ${second}.`,
    `because ${second} is the ${other} of ${first}, ${first} is the ${one} of ${second}.`,
  ]);
};

/** Two people and a pronoun that means the one whose work it is. */
export const pronounPassage: Passage = (world, random) => {
  const [workplace, otherplace] = random.sample(Object.keys(labours), 2) as [string, string];
  const [job, other] = [workplace, otherplace].map((place) => random.pick(world.things.get(place)!));
  const labour = random.pick(labours[workplace]!);
  const [first, second] = random.sample([job, other], 2);
  const he = random.pick(['he', 'she']);
  return random.pick([
    `the ${first} and the ${second} talked until ${he} had to ${labour}. It was the ${job} who had to ${labour}.`,
    `after the ${first} saw the ${second}, ${he} had to ${labour}: the ${job} did, not the ${other}.`,
  ]);
};
