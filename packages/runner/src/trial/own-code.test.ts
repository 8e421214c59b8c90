import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nudge, sampleCatalog, sampleDefinition, sampleFolder } from '../../test/sample.ts';
import { resolveExperiment } from '../experiment/resolve-experiment.ts';
import { hashOwnCode } from './own-code.ts';

test('hashes the file of an experiment that brings its own method, and no other', async () => {
  const folder = sampleFolder();
  const catalog = sampleCatalog(folder);
  const file = join(folder, 'experiment.ts');
  const hashOf = async (method: unknown) => {
    const definition = { ...sampleDefinition, arms: [{ method }] };
    const experiment = await resolveExperiment({ definition, file, baseDirectory: folder, catalog });
    return hashOwnCode(experiment, { catalog, file });
  };
  writeFileSync(file, 'one');
  expect(await hashOf('nudge')).toBeUndefined();
  expect(await hashOf(nudge)).toBeUndefined();
  const before = await hashOf({ ...nudge });
  writeFileSync(file, 'two');
  expect([before, await hashOf({ ...nudge })]).toEqual([
    expect.stringMatching(/^[0-9a-f]{64}$/),
    expect.not.stringMatching(before!),
  ]);
  rmSync(folder, { recursive: true });
});
