import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatasetError } from '@attune/base';
import { readDataFile } from '@attune/base/node';
import { parseFacts, parseRelations, type RelationProbes } from '../probes.ts';

/**
 * Probes in the layout of LAMA (Petroni et al. 2019): `relations.jsonl` with a template for each relation, and one file
 * of facts for each, `<relation>.jsonl`. The relations' file may lie in the folder of the facts or in the one above.
 * Relations without facts are passed over.
 *
 * @throws DatasetError when a file is missing or malformed, or no relation has facts
 */
export async function readProbes(folder: string): Promise<readonly RelationProbes[]> {
  const file = relationsFile(folder);
  const relations = parseRelations(await readDataFile(file), file);
  const probed = relations.filter(({ relation }) => existsSync(join(folder, `${relation}.jsonl`)));
  if (probed.length === 0) {
    const expected = relations.map(({ relation }) => `${relation}.jsonl`).join(', ');
    throw new DatasetError(`${folder}: expected facts in at least one of ${expected}; found none of these files`);
  }
  return Promise.all(
    probed.map(async (relation) => {
      const facts = join(folder, `${relation.relation}.jsonl`);
      return { relation, facts: parseFacts(await readDataFile(facts), facts) };
    }),
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
