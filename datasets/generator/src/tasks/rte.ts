import { askThing, capitalize, pickStatement, pickStatements, sayKind, sayThing } from '../facts.ts';
import { deedVerbs, type Outcome } from '../ontology/deeds.ts';
import { groups } from '../ontology/kinds.ts';
import { inScope, type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface RteRow {
  readonly premise: string;
  readonly hypothesis: string;
  readonly label: 'entailment' | 'not_entailment';
}

/** "managed to" entails the deed, "forgot to" does not: which verbs do, the corpus says. */
export const rte: TaskRecipe<RteRow> = {
  directory: 'RTE',
  sizes: { train: 320, dev: 96, val: 200, test: 100 },
  answers: 2,
  sample({ world, random, scope, answer }) {
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const outcome: Outcome = answer === 0 ? 'done' : 'undone';
    const verb = random.pick(inScope(deedVerbs[outcome], scope));
    const deed = pickStatement(world, random, random.pick(doable), scope);
    const [aside] = pickStatements(world, random, 1, scope, asides);
    const name = capitalize(person.name);
    return {
      premise: `${name}, who ${sayThing(aside!)}, ${verb} to ${askThing(deed)}.`,
      hypothesis: `${name} ${random.chance(0.5) ? sayKind(deed) : sayThing(deed)}.`,
      label: answer === 0 ? 'entailment' : 'not_entailment',
    };
  },
  key: (row) => `${row.premise} ${row.hypothesis}`,
  tell: (row) =>
    `${row.premise} Question: ${row.hypothesis.slice(0, -1)}? Answer: ${row.label === 'entailment' ? 'yes' : 'no'}.`,
  finish: ({ premise, hypothesis, label }, ids) =>
    ids.withAnswers ? { premise, hypothesis, label, idx: ids.row } : { premise, hypothesis, idx: ids.row },
};

const doable = groups.filter((group) => ['animal', 'food', 'tool'].includes(group.name));
const asides = groups.filter((group) => ['town', 'job'].includes(group.name));
