import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sha256Hex } from '@attune/base';
import { writeAtomically } from '@attune/base/node';
import { parseExperimentRecord, recordFileName, recordText, sealed, type TrialRecord } from '@attune/records';
import { sampleEnvironment, sampleRecord } from '@attune/records/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleTrial } from '../../test/sample.ts';
import { emptyRecord } from '../trial/empty-record.ts';
import type { Trial } from '../trial/expand-trials.ts';
import { RecordStore } from './record-store.ts';
import { readLosses, readScores, sidecarFile } from './sidecar-file.ts';

vi.mock('@attune/base/node', { spy: true });

const trial = sampleTrial();
const file = recordFileName(trial);
const other = sampleTrial({ seed: 2 });
const record = (status: 'no-data' | 'failed' | 'diverged', of = trial) =>
  emptyRecord(of, { environment: sampleEnvironment, status, message: status });
const scored = (of: Trial = trial, score = 0.5): TrialRecord =>
  sampleRecord({ config: of.config, code: of.code, scores: { accuracy: score, score } });
const description = {
  ...{ name: 'sample', title: 'A sample', question: 'Does it work?', command: 'npx attune run sample.ts' },
  ...{ models: ['small'], arms: ['nudge'], tasks: ['tides'], seeds: [1, 2] },
};
const whole = { isPart: false, commandFor: () => 'npx attune run sample.ts' };

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const pathOf = (of: Trial) => at('records', recordFileName(of));
const listing = () => {
  const read = parseExperimentRecord(readFileSync(at('experiment.json'), 'utf8'));
  if ('value' in read) return read.value;
  throw new Error(read.problems.join());
};
const listedHashes = () => listing().trials.map(({ hash }) => hash);

async function opened(trials: readonly Trial[] = [trial], replaced = false): Promise<RecordStore> {
  const store = await RecordStore.open(folder);
  await store.load(trials, { replaced });
  return store;
}

/** A folder with the records of both trials, listed. */
async function written(records = [scored(trial), scored(other)]): Promise<void> {
  const store = await opened([trial, other]);
  await store.list(description, [trial, other], whole);
  for (const each of records) await store.write({ record: each }, { equalStays: false });
  await store.close();
}

const refusal = (trials: readonly Trial[] = [trial, other]) =>
  opened(trials).then(
    () => 'nothing was refused',
    (error: Error) => error.message.replaceAll(/\S*attune-store-\w+\//g, ''),
  );
const advice =
  'Restore what was written (git restore <file>), remove what is no record, or run such a trial again with --fresh' +
  ', as in: --tasks tides --methods nudge --models small --seeds 1 --fresh.';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-store-'));
});
afterEach(() => {
  vi.mocked(writeAtomically).mockReset();
  rmSync(folder, { recursive: true });
});

describe('RecordStore', () => {
  it('gives back what it wrote, under a name that says what it is', async () => {
    const store = await opened();
    expect(store.finished(trial)).toBeUndefined();
    await store.write({ record: record('no-data') }, { equalStays: false });
    expect(readdirSync(at('records'))).toEqual([file]);
    expect(store.finished(trial)).toEqual(record('no-data'));
    expect((await opened()).finished(trial)).toEqual(record('no-data'));
  });

  it('makes the folders above it', async () => {
    await RecordStore.open(at('a', 'b'));
    expect(readdirSync(at('a', 'b', 'records'))).toEqual([]);
  });

  it.runIf(existsSync('/proc/self'))('refuses a folder in which the system makes none', async () => {
    await expect(RecordStore.open('/proc/attune')).rejects.toThrow(/^\/proc\/attune\/records: cannot be written: /);
  });

  it('counts a diverged trial as finished, a failed one and one of other code not', async () => {
    const store = await opened();
    await store.write({ record: record('failed') }, { equalStays: true });
    expect([store.finished(trial), store.recorded(trial.key)?.status]).toEqual([undefined, 'failed']);
    await store.write({ record: record('diverged') }, { equalStays: true });
    expect(store.finished(trial)?.status).toBe('diverged');
    expect(store.finished({ ...trial, code: 'e'.repeat(64) })).toBeUndefined();
  });

  it('says so before anything runs when the output cannot be written', async () => {
    const occupied = at('a-file');
    writeFileSync(occupied, '');
    await expect(RecordStore.open(occupied)).rejects.toThrow(
      /a-file\/records: cannot be written: .*\(ENOTDIR\); finished records are untouched; make the folder writable or choose another with --out/,
    );
  });

  it('says what to do when the disk is full, and leaves the old records', async () => {
    const store = await opened();
    await store.write({ record: record('no-data') }, { equalStays: false });
    vi.mocked(writeAtomically).mockRejectedValueOnce(
      new Error('full', { cause: Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }) }),
    );
    await expect(store.write({ record: record('diverged') }, { equalStays: false })).rejects.toThrow(
      `${file}: cannot be written: the disk is full (ENOSPC); finished records are untouched; free some space and run the same command again`,
    );
    expect((await opened()).finished(trial)?.status).toBe('no-data');
  });
});

describe('a folder that was changed by hand', () => {
  beforeEach(() => written());

  it.each<[string, () => void, string]>([
    [
      'an edited score',
      () => writeFileSync(pathOf(trial), readFileSync(pathOf(trial), 'utf8').replaceAll('0.5', '0.999')),
      'its content is not what its hash says: it was changed by hand',
    ],
    [
      'an edited score with a new hash',
      () => writeFileSync(pathOf(trial), recordText(scored(trial, 0.999))),
      'it is not the record that experiment.json lists: one of the two was replaced',
    ],
    [
      'another configuration',
      () => writeFileSync(pathOf(trial), recordText(sealed({ ...scored(trial), config: other.config }))),
      'key and config do not belong together: it was changed by hand',
    ],
    [
      "another trial's record",
      () => writeFileSync(pathOf(trial), readFileSync(pathOf(other))),
      `it is the record of another file, ${recordFileName(other)}: it was renamed or put in that one's place`,
    ],
  ])('is refused by name: %s', async (_what, change, problem) => {
    change();
    expect(await refusal()).toBe(`records/${file}: ${problem}\n${advice}`);
    // What is to be written anew need not be read.
    await expect(opened([trial], true)).resolves.toBeDefined();
  });

  it('is refused when a record was cut short', async () => {
    writeFileSync(pathOf(trial), readFileSync(pathOf(trial), 'utf8').slice(0, 200));
    const message = await refusal();
    expect(message).toMatch(new RegExp(`^records/${file}: not JSON, cut short or damaged: `));
    expect(message.split('\n').at(-1)).toBe(advice);
  });

  it('is refused when a record was renamed', async () => {
    renameSync(pathOf(trial), at('records', 'mine.json'));
    expect(await refusal()).toMatch(
      new RegExp(`^records/mine\\.json: it is the record of another file, ${file}: it was renamed or put in`),
    );
  });

  it('is refused when its list was edited', async () => {
    const text = readFileSync(at('experiment.json'), 'utf8');
    writeFileSync(at('experiment.json'), text.replace('"arm": "nudge"', '"arm": "shove"'));
    expect(await refusal()).toBe(
      'experiment.json: its content is not what its hash says: it was changed by hand\nRestore what was written ' +
        '(git restore experiment.json), or delete the file and run the whole experiment again: it is made anew from the records.',
    );
  });

  it('is refused when a file among the records is none, but for records of other trials and formats', async () => {
    writeFileSync(at('records', 'old.json'), JSON.stringify({ schemaVersion: 1, key: 'f'.repeat(64) }));
    await opened();
    writeFileSync(at('records', 'stray.json'), '{');
    expect(await refusal()).toMatch(/^records\/stray\.json: not JSON, cut short or damaged: .*\nRestore what was/);
  });

  it('counts a record that was removed as absent', async () => {
    rmSync(pathOf(trial));
    expect((await opened()).finished(trial)).toBeUndefined();
  });
});

describe('write', () => {
  const again = (of: Trial) => sealed({ ...scored(of), run: { ...scored(of).run, trainTimeMs: 99 } });
  const state = () =>
    [pathOf(trial), at('experiment.json')].map((path) => [statSync(path).mtimeMs, readFileSync(path, 'utf8')]);

  it('leaves a record with equal results as it is, and its listing', async () => {
    await written();
    const before = state();
    const store = await opened([trial, other]);
    await store.list(description, [trial, other], whole);
    expect(await store.write({ record: again(trial) }, { equalStays: true })).toEqual(scored(trial));
    await store.close();
    expect(state()).toEqual(before);
  });

  it('replaces it when asked to, and when results differ, and lists the new one', async () => {
    await written();
    const store = await opened([trial, other]);
    await store.write({ record: again(trial) }, { equalStays: false });
    await store.close();
    expect(listedHashes()).toEqual([again(trial).hash, scored(other).hash]);
    await store.write({ record: scored(trial, 0.75) }, { equalStays: true });
    await store.close();
    expect(listedHashes()).toEqual([scored(trial, 0.75).hash, scored(other).hash]);
    expect((await opened()).finished(trial)).toEqual(scored(trial, 0.75));
  });

  it('lists all of many records that end at once, by one list', async () => {
    const trials = Array.from({ length: 20 }, (_, seed) => sampleTrial({ seed }));
    const store = await opened(trials);
    await store.list(description, trials, whole);
    vi.mocked(writeAtomically).mockClear();
    await Promise.all(trials.map((each) => store.write({ record: scored(each) }, { equalStays: false })));
    await store.close();
    const lists = vi.mocked(writeAtomically).mock.calls.filter(([path]) => path === at('experiment.json'));
    expect(lists).toHaveLength(1);
    expect(listedHashes()).toEqual(trials.map((each) => scored(each).hash));
  });

  it('lists no record while one is replaced, so that a stop between two files refuses nothing', async () => {
    await written();
    const store = await opened([trial, other]);
    const texts: string[] = [];
    vi.mocked(writeAtomically).mockImplementation(async (path, content) => {
      if (path === pathOf(trial)) texts.push(readFileSync(at('experiment.json'), 'utf8'));
      writeFileSync(path as string, content as string);
    });
    await store.write({ record: scored(trial, 0.75) }, { equalStays: false });
    expect(texts.map((text) => JSON.parse(text).trials[0].hash)).toEqual([null]);
  });
});

describe('list', () => {
  it('names a new label without touching the record', async () => {
    await written();
    const before = statSync(pathOf(trial)).mtimeMs;
    const trials = [trial, other].map((each) => ({ ...each, arm: 'shove' }));
    const store = await opened(trials);
    expect(trials.map((each) => store.finished(each)?.status)).toEqual(['completed', 'completed']);
    await store.list({ ...description, arms: ['shove'] }, trials, whole);
    expect(listing().trials.map(({ arm, hash }) => [arm, hash])).toEqual([
      ['shove', scored(trial).hash],
      ['shove', scored(other).hash],
    ]);
    expect(statSync(pathOf(trial)).mtimeMs).toBe(before);
  });

  it('keeps the trials that a part of the experiment does not name', async () => {
    await written();
    const before = [statSync(at('experiment.json')).mtimeMs, listing()];
    const store = await opened([other]);
    const part = { ...description, seeds: [2], command: 'npx attune run sample.ts --seeds 2' };
    await store.list(part, [other], { isPart: true, commandFor: () => 'not needed' });
    expect([statSync(at('experiment.json')).mtimeMs, listing()]).toEqual(before);
  });

  it('adds a part, with a command that runs both', async () => {
    await written();
    const third = sampleTrial({ seed: 3 });
    const store = await opened([third]);
    const commandFor = ({ seeds }: { readonly seeds: readonly number[] }) => `all of ${seeds.join()}`;
    await store.list({ ...description, seeds: [3], command: 'one' }, [third], { isPart: true, commandFor });
    expect(listing()).toMatchObject({ command: 'all of 1,2,3', seeds: [1, 2, 3] });
    expect(listedHashes()).toEqual([scored(trial).hash, scored(other).hash, null]);
  });

  it('takes the command of a part that has all that the folder lists, and the description as it is now', async () => {
    await written();
    const both = { ...description, title: 'Renamed', seeds: [1, 2, 3], command: 'three seeds' };
    const trials = [trial, other, sampleTrial({ seed: 3 })];
    const store = await opened(trials);
    await store.list(both, trials, { isPart: true, commandFor: () => 'not needed' });
    expect(listing()).toMatchObject({ command: 'three seeds', title: 'Renamed' });
  });

  it('replaces what the folder lists when the whole experiment, or another one, is run', async () => {
    await written();
    const store = await opened([other]);
    await store.list({ ...description, seeds: [2] }, [other], whole);
    expect(listing().trials.map(({ seed }) => seed)).toEqual([2]);
    await store.list({ ...description, name: 'another' }, [trial], { ...whole, isPart: true });
    expect(listing()).toMatchObject({ name: 'another', trials: [{ seed: 1 }] });
  });

  it('starts anew in the folder of an earlier format', async () => {
    writeFileSync(at('experiment.json'), JSON.stringify({ schemaVersion: 1, name: 'sample' }));
    const store = await opened();
    await store.list(description, [trial], whole);
    expect(listedHashes()).toEqual([null]);
  });
});

describe('scores of answers', () => {
  const scores = '[1,2]\n[0.5,-3]\n';
  const plain = scored();
  const withScores = sealed({ ...plain, predictions: { ...plain.predictions, scoresHash: sha256Hex(scores) } });

  it('lie beside the record, and are absent without harm', async () => {
    const store = await opened();
    await store.write({ record: withScores, scores }, { equalStays: false });
    const path = sidecarFile(folder, 'scores', withScores);
    expect(path).toBe(at('predictions', file.replace('.json', '.jsonl.gz')));
    expect(gunzipSync(readFileSync(path)).toString()).toBe(scores);
    // Bytes 4 to 7 of a gzip file are its time.
    expect([...readFileSync(path).subarray(4, 8)]).toEqual([0, 0, 0, 0]);
    expect(await readScores(folder, withScores)).toEqual([
      [1, 2],
      [0.5, -3],
    ]);
    rmSync(path);
    expect((await opened()).finished(trial)).toEqual(withScores);
    expect(await readScores(folder, withScores)).toBeUndefined();
    // Running the trial again brings them back, whatever becomes of the record.
    await store.write({ record: withScores, scores }, { equalStays: true });
    expect(existsSync(path)).toBe(true);
    expect(await readScores(folder, plain)).toBeUndefined();
  });

  it('are refused by name when they are not the ones of the record', async () => {
    const store = await opened();
    await store.write({ record: withScores, scores: '[1,2]\n[0.5,3]\n' }, { equalStays: false });
    const path = sidecarFile(folder, 'scores', withScores);
    const advised = 'delete it, and run its trial again with --fresh if the scores are wanted';
    await expect(readScores(folder, withScores)).rejects.toThrow(
      `.jsonl.gz: it is not the file that its record speaks of; ${advised}`,
    );
    writeFileSync(path, 'no gzip');
    await expect(readScores(folder, withScores)).rejects.toThrow(
      `.jsonl.gz: cannot be read: incorrect header check; ${advised}`,
    );
  });
});

describe('losses of steps', () => {
  const losses = '0.693147182\n0.5\nnull\n';
  const withLosses = sealed({ ...scored(), lossesHash: sha256Hex(losses) });

  it('lie beside the record, and are read by step', async () => {
    const store = await opened();
    await store.write({ record: withLosses, losses }, { equalStays: false });
    const path = at('losses', file.replace('.json', '.jsonl.gz'));
    expect(gunzipSync(readFileSync(path)).toString()).toBe(losses);
    expect(await readLosses(folder, withLosses)).toEqual([0.693147182, 0.5, null]);
    expect(await readLosses(folder, scored())).toBeUndefined();
    rmSync(path);
    expect(await readLosses(folder, withLosses)).toBeUndefined();
  });

  it('are refused by name when they are not the ones of the record', async () => {
    const store = await opened();
    await store.write({ record: withLosses, losses: '0.1\n' }, { equalStays: false });
    await expect(readLosses(folder, withLosses)).rejects.toThrow(
      /losses\/.*\.jsonl\.gz: it is not the file that its record speaks of; delete it, .* if the losses are wanted$/,
    );
  });
});
