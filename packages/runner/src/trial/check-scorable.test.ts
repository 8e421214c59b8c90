import type { Task } from '@attune/core';
import { axg, rte } from '@attune/superglue';
import { expect, test } from 'vitest';
import { checkScorable } from './check-scorable.ts';

const row = (idx: number, label?: string, premise = 'The cook sang.') => ({
  ...{ idx, premise, hypothesis: 'Somebody sang.' },
  ...(label === undefined ? {} : { label }),
});
const labelled = [row(0, 'entailment'), row(1, 'not_entailment')];
const pair = [row(0, 'entailment', 'He sang.'), row(1, 'entailment', 'She sang.')];
const check = (task: unknown, [train, select, report]: readonly (readonly unknown[] | undefined)[]) =>
  checkScorable(task as Task, {
    files: ['/d/train.jsonl', '/d/dev.jsonl', '/d/val.jsonl'],
    rows: new Map(
      Object.entries({ '/d/train.jsonl': train, '/d/dev.jsonl': select, '/d/val.jsonl': report }).flatMap(
        ([file, rows]) => (rows === undefined ? [] : [[file, rows] as const]),
      ),
    ),
  });

test('rows with answers can be scored, and absent ones need not be', () => {
  check(rte, [labelled, labelled, labelled]);
  check(rte, [labelled, labelled, undefined]);
  check(axg, [labelled, labelled, pair]);
});

test('a split without answers is named', () => {
  const unlabelled = [row(0), row(1)];
  const problem = 'rte: expected rows with labels, got 2 without; use a labelled split';
  expect(() => check(rte, [unlabelled, labelled, labelled])).toThrow(`/d/train.jsonl: ${problem}`);
  expect(() => check(rte, [labelled, unlabelled, labelled])).toThrow(`/d/dev.jsonl: ${problem}`);
  expect(() => check(rte, [labelled, labelled, unlabelled])).toThrow(`/d/val.jsonl: ${problem}`);
});

test('so are reported rows that have nothing for a metric', () => {
  expect(() => check(axg, [labelled, labelled, labelled])).toThrow(
    "/d/val.jsonl: axg: the reported rows have nothing that genderParity measures; report the task's own rows",
  );
});
