import { parseRows } from '@attune/base';
import { z } from 'zod';

const relationSchema = z.looseObject({
  relation: z.string().min(1),
  /** `[X] is located in [Y] .`: subject and object. */
  template: z.string().refine((text) => ['[X]', '[Y]'].every((slot) => text.split(slot).length === 2), {
    message: 'a text with one [X] for the subject and one [Y] for the object',
  }),
  label: z.string().optional(),
});
/** A relation of LAMA: its template has `[X]` for the subject and `[Y]` for the answer. */
export type Relation = z.infer<typeof relationSchema>;

const factSchema = z.looseObject({ sub_label: z.string().min(1), obj_label: z.string().min(1) });
/** A subject and the word that completes its relation's template. */
export type Fact = z.infer<typeof factSchema>;

/** A relation and the facts it is probed with. */
export interface RelationProbes {
  readonly relation: Relation;
  /** Each pair of subject and object once. */
  readonly facts: readonly Fact[];
}

/** The relations of a `relations.jsonl`. @throws DatasetError naming file and line */
export function parseRelations(bytes: Uint8Array, file: string): readonly Relation[] {
  return parseRows(bytes, file, relationSchema, ({ relation }) => [['relation', relation]]);
}

/** The facts of a relation's file, each pair of subject and object once. @throws DatasetError naming file and line */
export function parseFacts(bytes: Uint8Array, file: string): readonly Fact[] {
  const facts = parseRows(bytes, file, factSchema);
  return [...new Map(facts.map((fact) => [JSON.stringify([fact.sub_label, fact.obj_label]), fact])).values()];
}
