import { describe, expect, it } from 'vitest';
import { sealed } from './canonical-json.ts';
import { sampleProof, sampleRecord } from './testing/sample-record.ts';
import { recordFileName, sameResults, trialRecordSchema } from './trial-record.ts';

const record = sampleRecord();

const problems = (value: unknown) =>
  trialRecordSchema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('trialRecordSchema', () => {
  it('reads back what was written', () => {
    expect(trialRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  it('refuses keys it does not know, so that nothing of a record is lost on the way', () => {
    expect(problems({ ...record, note: 'x' })).toEqual([': Unrecognized key: "note"']);
  });

  it('names every problem with its path', () => {
    const { seed: _, ...config } = record.config;
    expect(problems({ ...record, status: 'done', key: 'short', config })).toEqual([
      'key: expected a sha256 in hex',
      'status: Invalid option: expected one of "completed"|"diverged"|"failed"|"no-data"',
      'config.seed: Invalid input: expected number, received undefined',
    ]);
  });
});

describe('recordFileName', () => {
  it('says task, method, model and seed, and the first digits of the key', () => {
    expect(recordFileName(record)).toBe(`tides--nudge--small--s1--${record.key.slice(0, 8)}.json`);
  });
});

describe('sameResults', () => {
  it('does not see how and by which code a trial was run', () => {
    const run = { ...record.run, trainTimeMs: 99, environment: { ...record.run.environment, commit: 'other' } };
    const again = sealed({ ...record, run, code: 'c'.repeat(64), proof: sampleProof });
    expect(again.hash).not.toBe(record.hash);
    expect(sameResults(again, record)).toBe(true);
  });

  it.each([
    ['a score', { scores: { accuracy: 0.5, score: 0.5000001 } }],
    ['a point of the curve', { learningCurve: [{ ...record.learningCurve[0]!, trainLoss: 0.70000001 }] }],
    ['the parameters', { parameterHash: 'd'.repeat(64) }],
    ['an answer', { predictions: { ...record.predictions, predicted: '11' } }],
    ['a cost that is counted', { costs: { ...record.costs, flops: 4 } }],
  ])('sees %s', (_what, change) => {
    expect(sameResults(sealed({ ...record, ...change }), record)).toBe(false);
  });
});
