import { cycles } from './cycles.ts';
import { deedVerbs } from './deeds.ts';
import { kinship } from './kin.ts';
import { groups } from './kinds.ts';
import { labours } from './labours.ts';
import { nounClasses } from './qualities.ts';
import { topics } from './topics.ts';
import { clauseVerbs } from './verbs.ts';

/** Every English word of the ontology, so that no made-up name is one. */
export const englishWords: ReadonlySet<string> = new Set([
  ...groups.flatMap((group) => group.kinds),
  ...topics.flat(),
  ...cycles.flat(2),
  ...Object.values(clauseVerbs).flat(),
  ...Object.values(deedVerbs).flat(),
  ...nounClasses.flatMap((nounClass) => [...nounClass.nouns, ...nounClass.qualities]),
  ...kinship.flatMap(({ words }) => Object.values(words)),
  ...Object.values(labours)
    .flat()
    .flatMap((labour) => labour.split(' ')),
]);
