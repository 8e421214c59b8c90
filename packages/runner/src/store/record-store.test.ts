import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import writeFileAtomic from 'write-file-atomic';
import { sampleConfig, sampleEnvironment } from '../../test/sample.ts';
import { emptyRecord } from '../trial/empty-record.ts';
import { trialKey } from '../trial/trial-key.ts';
import { RecordStore, recordText } from './record-store.ts';

vi.mock('write-file-atomic', { spy: true });

const trial = { key: trialKey(sampleConfig), config: sampleConfig, index: 0 };
const file = `tides--nudge--small--s1--${trial.key.slice(0, 8)}.json`;
const record = (status: 'no-data' | 'failed' | 'diverged') =>
  emptyRecord(trial, { experiment: 'x', environment: sampleEnvironment, status, message: status });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-store-'));
});
afterEach(() => {
  vi.mocked(writeFileAtomic).mockReset();
  rmSync(folder, { recursive: true });
});

describe('RecordStore', () => {
  it('gives back what it wrote, under a name that says what it is', async () => {
    const store = await RecordStore.open(folder);
    expect(await store.finished(trial)).toBeUndefined();
    await store.write(record('no-data'));
    expect(readdirSync(join(folder, 'records'))).toEqual([file]);
    expect(await store.finished(trial)).toEqual(record('no-data'));
  });

  it('makes the folders above it', async () => {
    await RecordStore.open(join(folder, 'a', 'b'));
    expect(readdirSync(join(folder, 'a', 'b', 'records'))).toEqual([]);
  });

  it.runIf(existsSync('/proc/self'))('refuses a folder in which the system makes none', async () => {
    await expect(RecordStore.open('/proc/attune')).rejects.toThrow(/^\/proc\/attune\/records: cannot be written: /);
  });

  it('counts a diverged trial as finished, a failed one not', async () => {
    const store = await RecordStore.open(folder);
    await store.write(record('failed'));
    expect(await store.finished(trial)).toBeUndefined();
    await store.write(record('diverged'));
    expect((await store.finished(trial))?.status).toBe('diverged');
  });

  it('counts a cut-off file and the record of another key as absent', async () => {
    const store = await RecordStore.open(folder);
    await store.write(record('no-data'));
    const path = join(folder, 'records', file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, 200));
    expect(await store.finished(trial)).toBeUndefined();
    writeFileSync(
      path,
      text.replace(
        trial.key,
        trial.key.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
      ),
    );
    expect(await store.finished(trial)).toBeUndefined();
  });

  it('refuses broken files that no trial replaces, naming them', async () => {
    const store = await RecordStore.open(folder);
    writeFileSync(join(folder, 'records', file), '{');
    await store.refuseBroken([trial]);
    writeFileSync(join(folder, 'records', 'stray.json'), '{');
    await expect(store.refuseBroken([trial])).rejects.toThrow(
      /records: not JSON, so not records: stray\.json; remove them or choose another --out$/,
    );
  });

  it('says so before anything runs when the output cannot be written', async () => {
    const occupied = join(folder, 'a-file');
    writeFileSync(occupied, '');
    await expect(RecordStore.open(occupied)).rejects.toThrow(
      /a-file\/records: cannot be written: .*\(ENOTDIR\); finished records are untouched; make the folder writable or choose another with --out/,
    );
  });

  it('says what to do when the disk is full, and leaves the old records', async () => {
    const store = await RecordStore.open(folder);
    await store.write(record('no-data'));
    vi.mocked(writeFileAtomic).mockRejectedValueOnce(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }));
    await expect(store.write(record('diverged'))).rejects.toThrow(
      `${file}: cannot be written: the disk is full (ENOSPC); finished records are untouched; free some space and run the same command again`,
    );
    expect((await store.finished(trial))?.status).toBe('no-data');
  });
});

describe('recordText', () => {
  it('is JSON with one prediction per line', () => {
    const predictions = [
      { id: '0', predicted: 'yes $& "quoted"', scores: [1, 2] },
      { id: '1', predicted: 'no' },
    ];
    const value = { ...record('no-data'), predictions };
    const text = recordText(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).toContain('\n    {"id":"0","predicted":"yes $& \\"quoted\\"","scores":[1,2]},\n    {"id":"1",');
  });
});
