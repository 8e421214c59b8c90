import { DatasetError } from '@attune/base';
import type { Task } from '@attune/core';
import { expect, test } from 'vitest';
import { checkScorable } from './check-scorable.ts';

type Row = { readonly label?: string; readonly paired?: boolean };

/** Scored by accuracy; parity is a number on paired rows alone. */
function task(name: string): unknown {
  const labelsOf = (rows: readonly Row[]) => {
    const labels = rows.flatMap(({ label }) => label ?? []);
    if (labels.length === 0) throw new DatasetError(`${name}: expected rows with labels`);
    return labels;
  };
  const scores = (rows: readonly Row[]) => ({
    parity: rows.every(({ paired }) => paired) ? 1 : Number.NaN,
    accuracy: 0.5,
  });
  return {
    name,
    metrics: [{ name: 'parity' }, { name: 'accuracy' }],
    chance: (rows: readonly Row[]) => ({ parity: 0.5, accuracy: 1 / labelsOf(rows).length }),
    majority: (train: readonly Row[], rows: readonly Row[]) => ({ ...scores(rows), first: labelsOf(train).length }),
  };
}
const pairs = task('pairs');
const labelled: Row[] = [{ label: 'a' }, { label: 'b' }];
const paired = labelled.map((row) => ({ ...row, paired: true }));
const check = (of: unknown, [train, select, report]: readonly (readonly unknown[] | undefined)[]) =>
  checkScorable(of as Task, {
    files: ['/d/train.jsonl', '/d/dev.jsonl', '/d/val.jsonl'],
    rows: new Map(
      Object.entries({ '/d/train.jsonl': train, '/d/dev.jsonl': select, '/d/val.jsonl': report }).flatMap(
        ([file, rows]) => (rows === undefined ? [] : [[file, rows] as const]),
      ),
    ),
  });

test('rows with answers can be scored, and absent ones need not be', () => {
  check(pairs, [labelled, labelled, paired]);
  check(pairs, [labelled, labelled, undefined]);
});

test('a split without answers is named', () => {
  const unlabelled: Row[] = [{}, {}];
  const problem = 'pairs: expected rows with labels';
  expect(() => check(pairs, [unlabelled, labelled, paired])).toThrow(`/d/train.jsonl: ${problem}`);
  expect(() => check(pairs, [labelled, unlabelled, paired])).toThrow(`/d/dev.jsonl: ${problem}`);
  expect(() => check(pairs, [labelled, labelled, unlabelled])).toThrow(`/d/val.jsonl: ${problem}`);
});

test('so are reported rows that have nothing for a metric', () => {
  expect(() => check(pairs, [labelled, labelled, labelled])).toThrow(
    "/d/val.jsonl: pairs: the reported rows have nothing that parity measures; report the task's own rows",
  );
});
