import type { Formulated } from '@attune/core';
import { expect, test } from 'vitest';
import { dataNotes } from './data-notes.ts';
import type { PreparedSplit } from './prepare-trial.ts';

const labels = ['entailment', 'contradiction', 'neutral'];

/** Rows whose answers are these; one without an answer is ''. */
function entailments(...answers: readonly string[]): PreparedSplit {
  const label = (answer: string) => (answer === '' ? {} : { label: labels.indexOf(answer) });
  const instances = answers.map((answer) => ({ kind: 'classification', ...label(answer) }));
  return {
    rows: [...answers],
    formulated: { kind: 'classification', labels, instances } as unknown as Formulated<unknown>,
  };
}
const whole = entailments(...labels);
const plan = (names: Partial<Record<'train' | 'select' | 'report', string>> = {}, regime = 'full') => ({
  data: { regime, splits: { train: 'train', select: 'dev', report: 'val', ...names } },
});
const notes = (splits: Partial<Record<'train' | 'select' | 'report', PreparedSplit>>, of = plan()) =>
  dataNotes(
    {
      train: entailments('entailment', 'contradiction', 'neutral'),
      select: { ...whole, rows: [] },
      report: whole,
      ...splits,
    },
    of,
  );

test('nothing is noted of splits that have every label', () => {
  expect(notes({})).toEqual([]);
});

test('labels that a split lacks are noted', () => {
  expect(notes({ train: entailments('neutral', 'neutral') })).toEqual([
    'train: no answer of 2 is "entailment" or "contradiction"',
  ]);
  // Smaller than the classes.
  expect(notes({ select: entailments('entailment') })).toEqual(['dev: no answer of 1 is "contradiction" or "neutral"']);
  expect(notes({ report: entailments('entailment', 'neutral') })).toEqual(['val: no answer of 2 is "contradiction"']);
});

test('labels of rows without answers are not', () => {
  expect(notes({ report: entailments('', '') })).toEqual([]);
});

test('splits that are one file are noted', () => {
  expect(notes({ select: whole }, plan({ report: 'dev' }))).toEqual([
    'dev and dev are one file: the score is that of the checkpoint that is best on the very rows it is reported for',
  ]);
  expect(notes({ train: whole, select: whole })).toEqual([
    'dev and val are one file: the score is that of the checkpoint that is best on the very rows it is reported for',
    'train and val are one file: what is reported was trained on',
    'train and dev are one file: checkpoints are selected on what was trained on',
  ]);
});

test('fewer rows than the regime says are noted', () => {
  expect(notes({}, plan({ train: 'train32-1' }, 'few-shot-32'))).toEqual([
    'train32-1: has 3 rows, fewer than the 32 of regime "few-shot-32"',
  ]);
  expect(notes({}, plan({}, 'few-shot-3'))).toEqual([]);
});
