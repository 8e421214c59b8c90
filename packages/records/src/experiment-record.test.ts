import { expect, it } from 'vitest';
import { experimentRecordSchema, listedName, mergeListings } from './experiment-record.ts';
import { listed, sampleExperiment, sampleHash, sampleRecord } from './testing/sample-record.ts';

const trial = (task: string, arm: string, seed: number) => {
  const record = sampleRecord({ config: { task: { name: task, version: 1 }, seed } });
  return { ...listed(record, arm), key: sampleHash(String(seed)) };
};
const whole = sampleExperiment(
  ['tides', 'winds'].flatMap((task) => ['a', 'b'].flatMap((arm) => [1, 2].map((seed) => trial(task, arm, seed)))),
);
const names = (trials: typeof whole.trials) => trials.map(listedName);

it('fits its schema', () => {
  expect(experimentRecordSchema.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
});

it('puts the trials of a part in place of those of the same name', () => {
  const changed = { ...trial('winds', 'a', 2), key: sampleHash('f'), hash: null };
  const merged = mergeListings(whole, sampleExperiment([changed], { title: 'Another' }));
  expect(names(merged.trials)).toEqual(names(whole.trials));
  expect(merged.trials.filter(({ key }) => key === changed.key)).toEqual([changed]);
  expect(merged).toMatchObject({ title: 'Another', tasks: whole.tasks, arms: whole.arms, seeds: whole.seeds });
});

it('puts new trials where their task, arm, model and seed belong', () => {
  const merged = mergeListings(whole, sampleExperiment([trial('tides', 'b', 3), trial('rains', 'a', 1)]));
  expect(names(merged.trials)).toEqual([
    ...['tides--a--small--s1', 'tides--a--small--s2'],
    ...['tides--b--small--s1', 'tides--b--small--s2', 'tides--b--small--s3'],
    ...['winds--a--small--s1', 'winds--a--small--s2', 'winds--b--small--s1', 'winds--b--small--s2'],
    'rains--a--small--s1',
  ]);
  expect(merged).toMatchObject({ tasks: ['tides', 'winds', 'rains'], seeds: [1, 2, 3] });
});
