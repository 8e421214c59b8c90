import { capitalize, pickStatements, sayKind, sayThing } from '../facts.ts';
import { clauseVerbs, type Truth } from '../ontology/verbs.ts';
import { inScope, type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface CbRow {
  readonly premise: string;
  readonly hypothesis: string;
  readonly label: Truth;
}

const labels: readonly Truth[] = ['entailment', 'contradiction', 'neutral'];
const words: Readonly<Record<Truth, string>> = { entailment: 'yes', contradiction: 'no', neutral: 'maybe' };

/** A clause under a verb that makes it true, false or open. */
export const cb: TaskRecipe<CbRow> = {
  directory: 'CB',
  sizes: { train: 320, dev: 96, val: 201, test: 99 },
  answers: 3,
  sample({ world, random, scope, answer }) {
    const label = labels[answer]!;
    const [speaker, person] = pickPeople(world, random, 2, scope) as [Person, Person];
    const [statement, other] = pickStatements(world, random, 2, scope);
    const verb = random.pick(inScope(clauseVerbs[label], scope));
    const clause = `${capitalize(speaker.name)} ${verb} that ${capitalize(person.name)} ${sayThing(statement!)}`;
    return {
      premise: random.chance(0.5) ? `${clause}.` : `${capitalize(speaker.name)} ${sayThing(other!)}. ${clause}.`,
      hypothesis: `${person.name} ${random.chance(0.5) ? sayKind(statement!) : sayThing(statement!)}`,
      label,
    };
  },
  key: (row) => `${row.premise} ${row.hypothesis}`,
  tell: (row) => `${row.premise} Question: ${row.hypothesis}? Answer: ${words[row.label]}.`,
  finish: ({ premise, hypothesis, label }, ids) =>
    ids.withAnswers ? { premise, hypothesis, label, idx: ids.row } : { premise, hypothesis, idx: ids.row },
};
