import { PassThrough } from 'node:stream';
import { sampleEnvironment } from '@attune/records/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleTrial } from '../../test/sample.ts';
import { emptyRecord } from '../trial/empty-record.ts';
import type { Trial } from '../trial/expand-trials.ts';
import { barProgress } from './bar-progress.ts';
import { lineProgress } from './line-progress.ts';
import { formatDuration, TimeLeft } from './progress.ts';

const trial = (seed: number): Trial => ({ ...sampleTrial({ seed }), key: `k${seed}` });

const ended = (seed: number, status: 'completed' | 'diverged') => {
  const base = emptyRecord(trial(seed), {
    environment: sampleEnvironment,
    status: 'diverged',
    message: 'not finite',
  });
  return status === 'completed' ? { ...base, status, scores: { score: 0.75 } } : base;
};

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

describe('lineProgress', () => {
  it('writes about twenty lines, and one for each trial that did not complete', () => {
    const lines: string[] = [];
    const progress = lineProgress((line) => lines.push(line));
    progress.start({ total: 100, reused: 20 });
    for (let seed = 1; seed <= 80; seed++) {
      vi.advanceTimersByTime(1000);
      progress.trialEnded(trial(seed), ended(seed, seed === 7 ? 'diverged' : 'completed'));
    }
    expect(lines.slice(0, 4)).toEqual([
      '100 trials, 20 of them recorded already',
      '25/100 nudge · tides · small · seed 5: score 75.0, 1m 15s left',
      '27/100 nudge · tides · small · seed 7: diverged: not finite, 1m 13s left',
      '30/100 nudge · tides · small · seed 10: score 75.0, 1m 10s left',
    ]);
    expect(lines.at(-1)).toBe('100/100 nudge · tides · small · seed 80: score 75.0');
    expect(lines).toHaveLength(18);
  });
});

describe('lineProgress in silence', () => {
  it('tells every half minute what is being done, from the first second to the last', () => {
    const lines: string[] = [];
    const progress = lineProgress((line) => lines.push(line));
    progress.doing?.('Reading sample.json');
    vi.advanceTimersByTime(40_000);
    progress.start({ total: 2, reused: 0 });
    progress.trialStarted(trial(1));
    const state = { step: 0, totalSteps: 0, loss: null, doing: 'compiling the first steps' };
    progress.trialProgressed(trial(1), state);
    vi.advanceTimersByTime(30_000);
    progress.trialProgressed(trial(1), { step: 5, totalSteps: 10, loss: 0.51234 });
    vi.advanceTimersByTime(30_000);
    progress.stop();
    vi.advanceTimersByTime(300_000);
    expect(lines).toEqual([
      'Reading sample.json',
      'Reading sample.json',
      '2 trials, 0 of them recorded already',
      '0/2 nudge · tides · small · seed 1: compiling the first steps',
      '0/2 nudge · tides · small · seed 1: step 5/10, loss 0.512, 1m 30s left',
    ]);
  });
});

describe('notes of records', () => {
  const noted = (seed: number, notes: string[]) => [trial(seed), { ...ended(seed, 'completed'), notes }] as const;
  const note = 'nudge · tides · small · seed 1: note: pooler: drawn';

  it('are written once, with the first trial that has them', () => {
    const lines: string[] = [];
    const progress = lineProgress((line) => lines.push(line));
    progress.start({ total: 100, reused: 0 });
    progress.trialEnded(...noted(1, ['pooler: drawn']));
    progress.trialEnded(...noted(2, ['pooler: drawn', 'batchSize 64: all of them']));
    expect(lines.slice(1)).toEqual([note, 'nudge · tides · small · seed 2: note: batchSize 64: all of them']);
  });

  it('stand above the bar of a terminal', () => {
    const stream = new PassThrough() as unknown as NodeJS.WriteStream;
    const progress = barProgress(stream);
    progress.start({ total: 2, reused: 0 });
    progress.trialEnded(...noted(1, ['pooler: drawn']));
    progress.stop();
    expect(String(stream.read())).toContain(`\r\u001b[K${note}\n`);
  });
});

describe('lineProgress of one trial', () => {
  it('counts it in the singular', () => {
    const lines: string[] = [];
    lineProgress((line) => lines.push(line)).start({ total: 1, reused: 0 });
    expect(lines).toEqual(['1 trial, 0 of them recorded already']);
  });
});

describe('TimeLeft', () => {
  it('counts running trials by their steps and knows nothing at first', () => {
    const left = new TimeLeft(4, 0);
    expect(left.leftMs(1000)).toBeUndefined();
    left.progressed('a', 0.5);
    expect(left.leftMs(1000)).toBe(7000);
    left.ended('a');
    expect(left.leftMs(2000)).toBe(6000);
  });

  it.each([
    [4_400, '4s'],
    [200_000, '3m 20s'],
    [3_900_000, '1h 05m'],
  ])('formats %s ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('barProgress', () => {
  it('says what is done before the trials, and nothing that is not known', () => {
    const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 120 });
    const progress = barProgress(stream as unknown as NodeJS.WriteStream);
    progress.doing?.('Reading sample.json');
    expect(stream.read()).toBe('\r\u001b[KReading sample.json ...\r');
    progress.start({ total: 2, reused: 0 });
    progress.trialStarted(trial(1));
    progress.trialProgressed(trial(1), { step: 0, totalSteps: 0, loss: null, doing: 'reading data and model' });
    vi.advanceTimersByTime(1000);
    const shown = stream.read() as string;
    expect(shown).toContain(' 0/2 | nudge · tides · small · seed 1 | reading data and model');
    expect(shown).not.toMatch(/loss -|\? left/);
    progress.stop();
  });

  it('shows trials done, the current one, its step, its loss and the time left', () => {
    const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 120 });
    const progress = barProgress(stream as unknown as NodeJS.WriteStream);
    progress.start({ total: 4, reused: 1 });
    progress.trialStarted(trial(1));
    vi.advanceTimersByTime(1000);
    progress.trialProgressed(trial(1), { step: 1, totalSteps: 2, loss: 0.4321 });
    vi.advanceTimersByTime(1000);
    expect(stream.read()).toContain(' 1/4 | nudge · tides · small · seed 1 | step 1/2, loss 0.432, 5s left');
    progress.trialEnded(trial(1), ended(1, 'diverged'));
    progress.stop();
    const shown = stream.read() as string;
    expect(shown).toContain('nudge · tides · small · seed 1: diverged: not finite\n');
    expect(shown).toContain(' 2/4 | ');
  });
});
