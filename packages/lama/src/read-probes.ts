import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatasetError, readRows } from '@attune/core';
import { z } from 'zod';

const relationSchema = z.looseObject({
  relation: z.string().min(1),
  /** `[X] is located in [Y] .`: subject and object. */
  template: z.string().refine((text) => ['[X]', '[Y]'].every((slot) => text.split(slot).length === 2), {
    message: 'a text with one [X] for the subject and one [Y] for the object',
  }),
  label: z.string().optional(),
});
/** A relation with its template, as `relations.jsonl` has it. */
export type Relation = z.infer<typeof relationSchema>;

const factSchema = z.looseObject({ sub_label: z.string().min(1), obj_label: z.string().min(1) });
/** A subject and its object. */
export type Fact = z.infer<typeof factSchema>;

/** A relation and the facts it is probed with. */
export interface RelationProbes {
  readonly relation: Relation;
  /** Each pair of subject and object once. */
  readonly facts: readonly Fact[];
}

/**
 * Probes in the layout of LAMA (Petroni et al. 2019): `relations.jsonl` with a template for each relation, and one file
 * of facts for each, `<relation>.jsonl`. The relations' file may lie in the folder of the facts or in the one above.
 * Relations without facts are passed over.
 *
 * @throws DatasetError when a file is missing or malformed, or no relation has facts
 */
export async function readProbes(folder: string): Promise<readonly RelationProbes[]> {
  const relations = await readRows(relationsFile(folder), relationSchema);
  const probed = relations.filter(({ relation }) => existsSync(join(folder, `${relation}.jsonl`)));
  if (probed.length === 0) {
    const expected = relations.map(({ relation }) => `${relation}.jsonl`).join(', ');
    throw new DatasetError(`${folder}: expected facts in at least one of ${expected}; found none of these files`);
  }
  return Promise.all(
    probed.map(async (relation) => ({
      relation,
      facts: distinct(await readRows(join(folder, `${relation.relation}.jsonl`), factSchema)),
    })),
  );
}

function relationsFile(folder: string): string {
  const places = [folder, dirname(folder)].map((place) => join(place, 'relations.jsonl'));
  const found = places.find((file) => existsSync(file));
  if (found === undefined) {
    throw new DatasetError(`${folder}: expected relations.jsonl in it or in the folder above; found neither`);
  }
  return found;
}

function distinct(facts: readonly Fact[]): Fact[] {
  return [...new Map(facts.map((fact) => [JSON.stringify([fact.sub_label, fact.obj_label]), fact])).values()];
}
