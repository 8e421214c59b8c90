import { describe, expect, it } from 'vitest';
import { isSealed, sealed } from './canonical-json.ts';
import { claimedKey, parseExperimentRecord, parseTrialRecord, recordText } from './record-file.ts';
import { listed, sampleExperiment, sampleHash, sampleRecord } from './testing/sample-record.ts';
import { recordFileName, trialKey } from './trial-record.ts';

const record = sampleRecord();
const name = recordFileName(record);

describe('recordText', () => {
  it('is JSON, with a line for each point of a curve and each trial', () => {
    const learningCurve = [1, 2, 3].map((step) => ({ step, epoch: step, trainLoss: 0.5, selectionScore: null }));
    const value = sampleRecord({ learningCurve });
    const text = recordText(value);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    expect(text).toContain('\n    { "step": 2, "epoch": 2, "trainLoss": 0.5, "selectionScore": null },\n');
    expect(text).toContain('\n  "scores": { "accuracy": 0.5, "score": 0.5 },\n');
    const experiment = recordText(sampleExperiment([listed(record), listed(record, 'twin')]));
    expect(experiment.split('\n').filter((line) => line.includes('"arm"'))).toHaveLength(2);
  });

  it('leaves out what is undefined and keeps what is empty', () => {
    expect(recordText({ a: undefined, b: {}, c: [], d: { e: undefined } })).toBe(
      '{\n  "b": {},\n  "c": [],\n  "d": {}\n}\n',
    );
  });
});

describe('sealed', () => {
  it('has the hash of everything else, in whatever order it stands', () => {
    const value = sealed({ a: 1, b: [2] });
    const changed = { ...value, a: 2 };
    expect(sealed({ b: [2], a: 1 }).hash).toBe(value.hash);
    expect([isSealed(value), isSealed(changed)]).toEqual([true, false]);
  });
});

describe('parseTrialRecord', () => {
  it('reads back what was written', () => {
    expect(parseTrialRecord(recordText(record), name)).toEqual({ value: record });
  });

  const config = { ...record.config, seed: 2 };
  it.each<[string, string, string, RegExp]>([
    ['cut short', recordText(record).slice(0, -9), name, /^not JSON, cut short or damaged: /],
    ['nested deeper than can be printed', `${'['.repeat(1e5)}${']'.repeat(1e5)}`, name, /nested more than 1000 levels/],
    ['with a key twice', recordText(record).replace('{', '{ "key": "a",'), name, /the key "key" stands twice/],
    ['edited', recordText({ ...record, scores: { score: 1 } }), name, /^its content is not what its hash says: /],
    ['edited in its run', recordText({ ...record, run: { ...record.run, trainTimeMs: 0 } }), name, /^its content/],
    ['with another configuration', recordText(sealed({ ...record, config })), name, /^key and config do not belong/],
    ['with another key', recordText(sealed({ ...record, key: trialKey(config) })), name, /^key and config do not/],
    ['renamed', recordText(record), 'mine.json', /^it is the record of another file, tides--nudge--small--s1--/],
    [
      'of an earlier format',
      recordText({ ...record, schemaVersion: 2 }),
      name,
      /^expected format 3 \(schemaVersion\), got 2, that of an earlier version of Attune; run its experiment anew with --fresh$/,
    ],
    [
      'of a later format',
      recordText({ ...record, schemaVersion: 4 }),
      name,
      /^expected format 3 \(schemaVersion\), got 4, that of a later version of Attune; read it with that version$/,
    ],
    ['of none', '[]', name, /^expected format 3 \(schemaVersion\), got none$/],
    [
      'with a part that is unknown',
      recordText(sealed({ ...record, note: 1 })),
      name,
      /^note: unknown key "note"; did you mean "notes"\? Known: schemaVersion, key, status, /,
    ],
  ])('refuses a record that was %s', (_what, text, fileName, problem) => {
    const read = parseTrialRecord(text, fileName);
    expect('problems' in read ? read.problems : []).toEqual([expect.stringMatching(problem)]);
  });
});

describe('parseExperimentRecord', () => {
  const experiment = sampleExperiment([listed(record)]);

  it('reads back what was written, and refuses what was edited', () => {
    expect(parseExperimentRecord(recordText(experiment))).toEqual({ value: experiment });
    const edited = { ...experiment, trials: [{ ...experiment.trials[0]!, hash: sampleHash('e') }] };
    expect(parseExperimentRecord(recordText(edited))).toEqual({
      problems: ['its content is not what its hash says: it was changed by hand'],
    });
  });

  it('says of an earlier format that it is one', () => {
    const old = { schemaVersion: 1, name: 'old' };
    expect(parseExperimentRecord(recordText(old))).toMatchObject({ isOlder: true });
  });
});

it('reads the key that a file claims, whatever else it is', () => {
  expect(['{"key":"abc"}', '{"key":1}', 'null', '{'].map(claimedKey)).toEqual(['abc', ...Array(3).fill(undefined)]);
});
