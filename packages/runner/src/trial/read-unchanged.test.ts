import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@attune/base';
import type { Task } from '@attune/core';
import { sampleEnvironment } from '@attune/records/testing';
import { referenceEngine } from '@attune/testing';
import { zeroShot } from '@attune/zero-shot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tideLines, tides } from '../../test/tide-task.ts';
import { saveTinyModel } from '../../test/tiny-model.ts';
import { resolveExperiment } from '../experiment/resolve-experiment.ts';
import { expandTrials } from './expand-trials.ts';
import { hashFiles } from './hash-code.ts';
import { WorkerCaches } from './prepare-trial.ts';
import { readUnchanged, unchangedBytes } from './read-unchanged.ts';
import { runTrial } from './run-trial.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-read-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const changed = (...names: string[]) =>
  `${names.map((name) => join(folder, name)).join(', ')}: changed while the run was going on; trials that were recorded ` +
  'are those of the old content, no other was recorded; run the same command again';

describe('readUnchanged', () => {
  const files = () => ['a', 'b'].map((name) => join(folder, name));
  const texts = () => Promise.all(files().map((file) => readFile(file, 'utf8')));
  beforeEach(() => files().map((file) => writeFileSync(file, file)));

  it('gives what was read of files that are as they were', async () => {
    const { files: hashes } = await hashFiles(files());
    expect(await readUnchanged(files(), { hashes, read: texts })).toEqual(files());
    await expect(readUnchanged(files(), { hashes, read: () => Promise.reject(new Error('no row')) })).rejects.toThrow(
      'no row',
    );
  });

  it('names those that changed before', async () => {
    const { files: hashes } = await hashFiles(files());
    writeFileSync(files()[1]!, 'other');
    const reading = readUnchanged(files(), { hashes, read: texts });
    await expect(reading).rejects.toThrow(changed('b'));
    await expect(reading).rejects.toBeInstanceOf(ConfigError);
  });

  it('sees a change that is taken back as soon as it was read', async () => {
    const { files: hashes } = await hashFiles(files());
    const [file] = files();
    const read = async () => {
      renameSync(file!, `${file}.kept`);
      writeFileSync(file!, 'other');
      const found = await texts();
      renameSync(`${file}.kept`, file!);
      return found;
    };
    await expect(readUnchanged(files(), { hashes, read })).rejects.toThrow(changed('a'));
  });
});

describe('unchangedBytes', () => {
  const file = () => join(folder, 'rows');
  beforeEach(() => writeFileSync(file(), 'rows'));

  it('gives the bytes that were hashed, and refuses others by name', async () => {
    const { files: hashes } = await hashFiles([file()]);
    expect(Buffer.from(await unchangedBytes(file(), hashes)).toString()).toBe('rows');
    writeFileSync(file(), 'rowt');
    await expect(unchangedBytes(file(), hashes)).rejects.toThrow(changed('rows'));
    expect(Buffer.from(await unchangedBytes(file(), undefined)).toString()).toBe('rowt');
  });

  it('refuses a file that it has no hash of, and says why one cannot be read', async () => {
    await expect(unchangedBytes(file(), {})).rejects.toBeInstanceOf(ConfigError);
    rmSync(file());
    await expect(unchangedBytes(file(), {})).rejects.toThrow(`${file()}: cannot be read: ENOENT`);
  });
});

describe('a trial', () => {
  beforeEach(async () => {
    await saveTinyModel(join(folder, 'model'));
    mkdirSync(join(folder, 'data', 'Tides'), { recursive: true });
    for (const split of ['train', 'dev', 'val']) writeFileSync(data(split), tideLines(8));
  });
  const data = (split: string) => join(folder, 'data', 'Tides', `${split}.jsonl`);

  /** Plans a trial, changes something, then runs it. */
  async function run(report: string, change: () => void, task: Task = tides as Task) {
    const definition = {
      ...{ name: 'x', title: 'x', question: 'x', models: [{ name: 'tiny', directory: 'model' }], seeds: [1] },
      data: { directory: 'data', regime: 'full', splits: { train: 'train', select: 'dev', report }, mayBeAbsent: true },
      ...{ tasks: [task], arms: [{ method: zeroShot }] },
    };
    const catalog = { methods: [], tasks: [], models: {}, codeDirectories: {} };
    const experiment = await resolveExperiment({ definition, file: 'x', baseDirectory: folder, catalog });
    const surroundings = { engine: { name: 'reference', device: 'cpu' }, libraries: {}, code: 'c'.repeat(64) };
    const [trial] = await expandTrials(experiment, surroundings);
    change();
    const context = { experiment, engine: referenceEngine(), environment: sampleEnvironment };
    return runTrial(trial!, { ...context, caches: new WorkerCaches() });
  }

  it('is not recorded when labels were swapped between planning and reading', async () => {
    const swap = () => {
      const text = readFileSync(data('val'), 'utf8');
      writeFileSync(
        data('val'),
        text.replace(/"label":(\d)/g, (_, label: string) => `"label":${1 - Number(label)}`),
      );
    };
    await expect(run('val', swap)).rejects.toThrow(changed('data/Tides/val.jsonl'));
  });

  it('is recorded when a file changes after its rows were read: what it was made of is what was hashed', async () => {
    const reading: Partial<Task> = {
      parseRows: (bytes, file) => {
        const rows = tides.parseRows(bytes, file);
        writeFileSync(file, 'swapped');
        return rows;
      },
    };
    const { record } = await run('val', () => {}, { ...(tides as Task), ...reading });
    expect(record).toMatchObject({ status: 'completed', counts: { reportedExamples: 8 } });
    expect(readFileSync(data('val'), 'utf8')).toBe('swapped');
  });

  it('is not recorded when the checkpoint became another one', async () => {
    const file = join(folder, 'model', 'model.safetensors');
    const bytes = () => readFileSync(file).map((byte, index, all) => (index === all.length - 1 ? byte ^ 1 : byte));
    await expect(run('val', () => writeFileSync(file, bytes()))).rejects.toThrow(changed('model/model.safetensors'));
  });

  it('is not recorded as without data when a file went away, nor with data that came', async () => {
    await expect(run('val', () => rmSync(data('val')))).rejects.toThrow(changed('data/Tides/val.jsonl'));
    const arrive = () => writeFileSync(data('test'), tideLines(4));
    await expect(run('test', arrive)).rejects.toThrow(changed('data/Tides/test.jsonl'));
    rmSync(data('test'));
    expect((await run('test', () => {})).record.status).toBe('no-data');
  });
});
