import { capitalize, claim, pickStatements, type Statement, sayThing } from '../facts.ts';
import { clauseVerbs, truths } from '../ontology/verbs.ts';
import { inScope, type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface CbRow {
  readonly premise: string;
  readonly hypothesis: string;
  readonly label: (typeof labels)[number];
}

const labels = ['entailment', 'contradiction', 'neutral'] as const;
const words = { entailment: 'yes', contradiction: 'no', neutral: 'maybe' };

/**
 * A clause under a verb that makes it true or false; the hypothesis affirms or denies it, or is about something else.
 * Neither the verb, nor the hypothesis, nor whether it denies says anything alone.
 */
export const cb: TaskRecipe<CbRow> = {
  directory: 'CB',
  answers: 3,
  sample({ world, random, scope, answer }) {
    const label = labels[answer]!;
    const [speaker, person] = pickPeople(world, random, 2, scope) as [Person, Person];
    const [said, aside, other] = pickStatements(world, random, 3, scope) as [Statement, Statement, Statement];
    const truth = random.pick(truths);
    const agrees = label === 'neutral' ? random.chance(0.5) : label === 'entailment';
    const verb = random.pick(inScope(clauseVerbs[truth], scope));
    const clause = `${capitalize(speaker.name)} ${verb} that ${capitalize(person.name)} ${sayThing(said)}.`;
    return {
      premise: random.chance(0.5) ? clause : `${capitalize(speaker.name)} ${sayThing(aside)}. ${clause}`,
      hypothesis: `${person.name} ${claim(label === 'neutral' ? other : said, agrees === (truth === 'true'), false)}`,
      label,
    };
  },
  parts: (row) => [row.premise, row.hypothesis],
  tell: (row) => `${row.premise} Question: ${row.hypothesis}? Answer: ${words[row.label]}.`,
  finish: ({ premise, hypothesis, label }, ids) =>
    ids.withAnswers ? { premise, hypothesis, label, idx: ids.row } : { premise, hypothesis, idx: ids.row },
};
