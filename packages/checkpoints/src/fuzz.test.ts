import { writeFileSync } from 'node:fs';
import { randomSource } from '@attune/base';
import { expect, it } from 'vitest';
import { watchAllocations } from '../test/fuzz/allocations.ts';
import { runCase, targetFolder } from '../test/fuzz/run-case.ts';
import { fuzzTargets } from '../test/fuzz/targets.ts';

/** The script `scripts/fuzz-loaders.ts` runs many more of the same. */
const casesPerTarget = 120;

watchAllocations();

it.each(fuzzTargets)('$name: mutated files are refused or loaded as they say', async (target) => {
  const random = randomSource(20).fork(target.name);
  const { directory, remove } = targetFolder(target);
  const outcomes = new Set<string>();
  for (let index = 0; index < casesPerTarget; index++) {
    const result = await runCase(target, directory, random.fork(index)).catch((error: Error) => error);
    if (result instanceof Error) expect.fail(`case ${index}: ${result.stack}`);
    outcomes.add(result.outcome);
  }
  remove();
  // Mutations that all end alike would test little.
  expect(outcomes).toEqual(new Set(['refused', 'loaded']));
});

it.each(fuzzTargets)('$name: files that are not mutated load', async ({ originals, file, load, ...target }) => {
  const { directory, remove } = targetFolder({ originals, file, load, ...target });
  expect(originals.length).toBeGreaterThan(0);
  for (const original of originals) {
    const path = `${directory}/${file}`;
    writeFileSync(path, original);
    await expect(load({ directory, path, bytes: original, original })).resolves.toBeUndefined();
  }
  remove();
});
