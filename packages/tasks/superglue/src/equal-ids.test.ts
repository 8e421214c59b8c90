import type { Prediction, Task } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { joinAnswers } from './tasks/join-answers.ts';
import { multirc } from './tasks/multirc.ts';
import { record } from './tasks/record.ts';
import { rte } from './tasks/rte.ts';
import { tasks } from './tasks.ts';

const bytesOf = (...rows: readonly unknown[]) =>
  new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const rteRow = (idx: number, entails: boolean) => ({
  ...{ idx, premise: `Row ${idx}.`, hypothesis: 'It is one.' },
  label: entails ? ('entailment' as const) : ('not_entailment' as const),
});
const said = (id: string, predicted: string): Prediction => ({ id, predicted });

/** A passage with one question of two answers, of which the first is right. */
const passage = (idx: number, question: number, answers = [0, 1]) => ({
  idx,
  passage: {
    text: 'Ola sold the boat.',
    questions: [
      { idx: question, question: 'What?', answers: answers.map((at) => ({ idx: at, text: `${at}`, label: 1 - at })) },
    ],
  },
});
type MultircRow = Parameters<typeof multirc.score>[0][number];
const right = (rows: readonly MultircRow[]) =>
  rows.flatMap(({ idx, passage: { questions } }) =>
    questions.flatMap((own) => own.answers.map((answer) => said(`${idx}-${own.idx}-${answer.idx}`, `${answer.label}`))),
  );

const query = (idx: number, name: string, start: number) => ({
  ...{ idx, query: '@placeholder flew' },
  answers: [{ start, end: start + 2, text: name }],
});
const news = (idx: number, qas: ReturnType<typeof query>[]) => ({
  idx,
  passage: {
    text: 'Ann met Bob',
    entities: [
      { start: 0, end: 2 },
      { start: 8, end: 10 },
    ],
  },
  qas,
});

describe('answers to rows with equal ids', () => {
  it('belong to them by position', () => {
    const rows = [rteRow(0, true), rteRow(0, false), rteRow(1, true)];
    const answers = [said('0', 'entailment'), said('0', 'not_entailment'), said('1', 'entailment')];
    expect(rte.score(rows, answers)).toEqual({ accuracy: 1 });
    expect(rte.score(rows, answers.toReversed()).accuracy).toBeCloseTo(1 / 3, 12);
    const pairs = Array.from({ length: 24 }, (_, index) => rteRow(Math.floor(index / 2), index % 4 < 2));
    const given = pairs.map(({ idx }, index) => said(`${idx}`, index % 3 === 0 ? 'entailment' : 'not_entailment'));
    const hits = pairs.filter(({ label }, index) => label === given[index]!.predicted).length;
    expect(rte.score(pairs, given)).toEqual({ accuracy: hits / 24 });
  });

  it('of passages and questions count in each of them', () => {
    for (const rows of [
      [passage(0, 0), passage(0, 0)],
      [passage(0, 0), passage(0, 0, [0])],
      [passage(0, 0), passage(1, 0)],
    ] as MultircRow[][]) {
      expect(multirc.score(rows, right(rows))).toEqual({ f1Answer: 1, exactMatch: 1 });
      // Answers of the last row are wrong: its question alone is.
      const own = rows[1]!.passage.questions[0]!.answers.length;
      const wrong = right(rows).map((answer, at, all) =>
        at < all.length - own ? answer : said(answer.id, answer.predicted === '1' ? '0' : '1'),
      );
      expect(multirc.score(rows, wrong).exactMatch).toBe(0.5);
      expect(multirc.chance(rows).exactMatch).toBe((0.25 + 2 ** -own) / 2);
    }
  });

  it('of queries, too', () => {
    const rows = [news(0, [query(5, 'Ann', 0)]), news(0, [query(5, 'Bob', 8)])];
    expect(record.score(rows, [said('5', 'Ann'), said('5', 'Bob')])).toEqual({ f1: 1, exactMatch: 1 });
    expect(record.score(rows, [said('5', 'Bob'), said('5', 'Ann')])).toEqual({ f1: 0, exactMatch: 0 });
  });

  it('may be left out, but not be those of other rows', () => {
    expect(joinAnswers('rte', ['1', '2', '1'], [said('2', 'b'), said('1', 'a')])).toEqual(['a', 'b', undefined]);
    expect(() => joinAnswers('rte', ['1'], [said('1', 'a'), said('1', 'b')])).toThrow(
      'rte: score: expected predictions of the rows that are given, 1 with id 1, got 2 with it; predict and score the same rows',
    );
    expect(() => joinAnswers('rte', ['1'], [said('7', 'a')])).toThrow('0 with id 7, got 1 with it');
  });
});

describe('a file with equal ids', () => {
  it.each(tasks)('$name: is refused where a row comes again', (task: Task) => {
    const other = { ...(task.exampleRow as { idx: number }), idx: 1000 };
    const again = { ...other, idx: '1000' };
    expect(() => task.parseRows(bytesOf(task.exampleRow, other, again), 'x.jsonl')).toThrow(
      /^x\.jsonl:3: idx: expected an id of its own, got 1000, which is in line 2 already/m,
    );
  });

  const taken = (name: string, id: string, line: string) =>
    `${name}: expected an id of its own, got ${id}, which is ${line}`;
  it('is refused at every level', () => {
    const twice = passage(0, 3);
    twice.passage.questions.push(twice.passage.questions[0]!);
    expect(() => multirc.parseRows(bytesOf(twice), 'x')).toThrow(
      `x:1: ${taken('passage.questions.idx', '0-3', 'twice in this line')}`,
    );
    expect(() => multirc.parseRows(bytesOf(passage(0, 0, [1, 1])), 'x')).toThrow(
      `x:1: ${taken('passage.questions.answers.idx', '0-0-1', 'twice in this line')}`,
    );
    expect(() => record.parseRows(bytesOf(news(0, [query(5, 'Ann', 0)]), news(1, [query(5, 'Bob', 8)])), 'x')).toThrow(
      `x:2: ${taken('qas.idx', '5', 'in line 1 already')}`,
    );
  });

  it('is read where questions are numbered anew in each passage', () => {
    expect(multirc.parseRows(bytesOf(passage(0, 0), passage(1, 0)), 'x')).toHaveLength(2);
  });
});
