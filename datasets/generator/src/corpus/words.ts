import { capitalize } from '../facts.ts';
import { nounClasses } from '../ontology/qualities.ts';
import { topics } from '../ontology/topics.ts';
import { tellSense } from '../tasks/wic.ts';
import type { Passage } from './passage.ts';

/** Words in the company they keep. */
export const sensePassage: Passage = (world, random) => {
  const word = random.pick(world.twoSenseWords);
  const topic = random.pick(word.senses);
  const company = random.sample(topics[topic]!, 4).join(', ');
  return random.chance(0.3)
    ? `${capitalize(company)}.`
    : `${tellSense(random, word, topic, 'all')} ${tellSense(random, word, topic, 'all')}`;
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
