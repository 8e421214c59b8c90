import { type NotableFact, notableFacts } from './notables.ts';
import { type Group, groups } from './ontology/kinds.ts';
import type { World } from './world.ts';

interface Probe {
  readonly sub_label: string;
  readonly obj_label: string;
}

interface Relation {
  readonly relation: string;
  readonly template: string;
  readonly label: string;
  /** Facts that the corpus states, and facts that it does not. */
  readonly stated: readonly Probe[];
  readonly unstated: readonly Probe[];
}

const kindTemplates: Readonly<Record<Group['name'], string>> = {
  animal: 'A [X] is a [Y] .',
  food: 'A [X] is a [Y] .',
  tool: 'A [X] is a [Y] .',
  town: '[X] is a town in [Y] .',
  job: 'A [X] works in a [Y] .',
};
const notableTemplates: Readonly<Record<NotableFact, string>> = {
  birthplace: '[X] was born in [Y] .',
  workplace: '[X] earned a living in a [Y] .',
  father: 'The father of [X] was [Y] .',
};

/** Knowledge probes in LAMA's layout: relations, and for each of them facts that are stated and facts that are not. */
export function createProbes(world: World): Map<string, readonly unknown[]> {
  const relations = [
    ...groups.map((group) => kindRelation(world, group)),
    ...notableFacts.map((fact) => notableRelation(world, fact)),
  ];
  const files = new Map<string, readonly unknown[]>();
  files.set(
    'lama/relations.jsonl',
    relations.map(({ relation, template, label }) => ({ relation, template, label })),
  );
  for (const { relation, stated, unstated } of relations) {
    files.set(`lama/stated/${relation}.jsonl`, stated);
    files.set(`lama/unstated/${relation}.jsonl`, unstated);
  }
  return files;
}

function kindRelation(world: World, { name, kinds }: Group): Relation {
  const probes = (things: World['things']): Probe[] =>
    kinds.flatMap((kind) => things.get(kind)!.map((thing) => ({ sub_label: thing, obj_label: kind })));
  return {
    ...{ relation: name, template: kindTemplates[name], label: `kind of ${name}` },
    ...{ stated: probes(world.things), unstated: probes(world.untoldThings) },
  };
}

function notableRelation({ notables }: World, fact: NotableFact): Relation {
  const probes = (told: boolean): Probe[] =>
    notables
      .filter((notable) => notable.facts[fact] !== undefined && notable.told.includes(fact) === told)
      .map((notable) => ({ sub_label: notable.name, obj_label: notable.facts[fact]! }));
  return {
    ...{ relation: fact, template: notableTemplates[fact], label: fact },
    ...{ stated: probes(true), unstated: probes(false) },
  };
}
