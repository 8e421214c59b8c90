import type { Prediction, Task } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { type FewRows, fewRowSources } from '../test/few-rows.ts';
import { matthewsCorrelation } from './metrics.ts';
import { boolq } from './tasks/boolq.ts';
import { cb } from './tasks/cb.ts';
import { copa } from './tasks/copa.ts';
import { multirc } from './tasks/multirc.ts';
import { record } from './tasks/record.ts';
import { type RecordQuery, recordQueries } from './tasks/record-row.ts';
import { rte } from './tasks/rte.ts';
import { markedWords, wic } from './tasks/wic.ts';
import { wsc } from './tasks/wsc.ts';

type Scores = Readonly<Record<string, number>>;
type RowsOf = FewRows['rowsOf'];
type Answer = (idx: number) => string;

const classes = ['entailment', 'contradiction', 'neutral'];
const evenIsTrue: Answer = (idx) => String(idx % 2 === 0);
const evenEntails: Answer = (idx) => (idx % 2 === 0 ? 'entailment' : 'not_entailment');

function byIdx<Row extends { readonly idx: number }>(task: Task<Row>, answer: Answer) {
  return async (rowsOf: RowsOf): Promise<Scores> => {
    const rows = await rowsOf(task, 'val');
    return task.score(
      rows,
      rows.map(({ idx }) => ({ id: String(idx), predicted: answer(idx) })),
    );
  };
}

function byAnswer(answer: (idx: number) => number) {
  return async (rowsOf: RowsOf): Promise<Scores> => {
    const rows = await rowsOf(multirc, 'val');
    const predictions = rows.flatMap(({ idx, passage }) =>
      passage.questions.flatMap((question) =>
        question.answers.map((own) => ({ id: `${idx}-${question.idx}-${own.idx}`, predicted: `${answer(own.idx)}` })),
      ),
    );
    return multirc.score(rows, predictions);
  };
}

async function sameForm(rowsOf: RowsOf): Promise<Scores> {
  const rows = await rowsOf(wic, 'val');
  const predictions = rows.map((row): Prediction => {
    const [first, second] = markedWords(row);
    return { id: String(row.idx), predicted: String(first.toLowerCase() === second.toLowerCase()) };
  });
  return wic.score(rows, predictions);
}

function firstMention(split: string) {
  return async (rowsOf: RowsOf): Promise<Scores> => {
    const rows = await rowsOf(record, split);
    const first = ({ id, mentions }: RecordQuery) => ({ id, predicted: mentions[0]! });
    return record.score(rows, rows.flatMap(recordQueries).map(first));
  };
}

function mostMentioned(split: string) {
  return async (rowsOf: RowsOf) => record.majority([], await rowsOf(record, split));
}

function majority<Row>(task: Task<Row>) {
  return async (rowsOf: RowsOf) => task.majority(await rowsOf(task, 'train'), await rowsOf(task, 'val'));
}

interface Case {
  readonly name: string;
  readonly scoreOn: (rowsOf: RowsOf) => Promise<Scores>;
  /** Exact fractions, computed from the files without this package. */
  readonly invented: Scores;
  readonly original: Scores;
}

const accuracy = (value: number) => ({ accuracy: value });
const cbScores = (value: number, f1Macro: number) => ({ accuracy: value, f1Macro });
const multircScores = (f1Answer: number, exactMatch: number) => ({ f1Answer, exactMatch });
const recordScores = (f1: number, exactMatch: number) => ({ f1, exactMatch });

/** [name, how it is scored, on the invented rows, on the original rows]. */
const table: readonly (readonly [string, Case['scoreOn'], Scores, Scores])[] = [
  ['BoolQ, always true', byIdx(boolq, () => 'true'), accuracy(3 / 5), accuracy(2033 / 3270)],
  ['BoolQ, even ids true', byIdx(boolq, evenIsTrue), accuracy(3 / 5), accuracy(1626 / 3270)],
  ['CB, always contradiction', byIdx(cb, () => 'contradiction'), cbScores(1 / 2, 2 / 9), cbScores(1 / 2, 2 / 9)],
  ['CB, in turn', byIdx(cb, (idx) => classes[idx % 3]!), cbScores(1 / 6, 2 / 9), cbScores(13 / 56, 1584 / 7567)],
  ['COPA, always the first', byIdx(copa, () => '0'), accuracy(2 / 3), accuracy(0.55)],
  ['COPA, in turn', byIdx(copa, (idx) => String(idx % 2)), accuracy(5 / 6), accuracy(0.49)],
  ['MultiRC, all right', byAnswer(() => 1), multircScores(2 / 3, 1 / 5), multircScores(4150 / 6923, 8 / 953)],
  ['MultiRC, none right', byAnswer(() => 0), multircScores(0, 1 / 5), multircScores(0, 3 / 953)],
  ['MultiRC, in turn', byAnswer((idx) => idx % 2), multircScores(3 / 7, 0), multircScores(2072 / 4499, 75 / 953)],
  ['RTE, always entailment', byIdx(rte, () => 'entailment'), accuracy(3 / 5), accuracy(146 / 277)],
  ['RTE, even ids entail', byIdx(rte, evenEntails), accuracy(3 / 5), accuracy(130 / 277)],
  ['WiC, always true', byIdx(wic, () => 'true'), accuracy(1 / 2), accuracy(1 / 2)],
  ['WiC, same form', sameForm, accuracy(2 / 3), accuracy(335 / 638)],
  ['WSC, always false', byIdx(wsc, () => 'false'), accuracy(1 / 2), accuracy(66 / 104)],
  ['WSC, even ids true', byIdx(wsc, evenIsTrue), accuracy(2 / 3), accuracy(46 / 104)],
  ['ReCoRD train, first mention', firstMention('train'), recordScores(2 / 3, 2 / 3), recordScores(1 / 32, 1 / 32)],
  ['ReCoRD dev32, first mention', firstMention('dev32'), recordScores(2 / 5, 0), recordScores(1 / 32, 1 / 32)],
  ['ReCoRD train, majority', mostMentioned('train'), recordScores(1 / 3, 1 / 3), recordScores(3 / 32, 3 / 32)],
  ['ReCoRD dev32, majority', mostMentioned('dev32'), recordScores(0, 0), recordScores(8 / 32, 8 / 32)],
  // The commonest label of the training rows; MultiRC's is fixed.
  ['BoolQ, majority', majority(boolq), accuracy(3 / 5), accuracy(2033 / 3270)],
  ['CB, majority', majority(cb), cbScores(1 / 2, 2 / 9), cbScores(23 / 56, 46 / 79 / 3)],
  ['COPA, majority', majority(copa), accuracy(2 / 3), accuracy(45 / 100)],
  ['MultiRC, majority', majority(multirc), multircScores(2 / 3, 1 / 5), multircScores(4150 / 6923, 8 / 953)],
  ['RTE, majority', majority(rte), accuracy(2 / 5), accuracy(131 / 277)],
  ['WiC, majority', majority(wic), accuracy(1 / 2), accuracy(1 / 2)],
  ['WSC, majority', majority(wsc), accuracy(1 / 2), accuracy(38 / 104)],
];
const cases = table.map(([name, scoreOn, invented, original]): Case => ({ name, scoreOn, invented, original }));

describe.each(fewRowSources)('simple predictors on $source rows', ({ source, rowsOf }) => {
  it.each(cases)('$name', async (own) => {
    const expected = Object.entries(own[source]).map(([name, value]) => [name, expect.closeTo(value, 12)]);
    expect(Object.entries(await own.scoreOn(rowsOf))).toEqual(expected);
  });

  it("RTE's Matthews correlation, even ids entail", async () => {
    const rows = await rowsOf(rte, 'val');
    const correlation = matthewsCorrelation(
      rows.map(({ label }) => label!),
      rows.map(({ idx }) => evenEntails(idx)),
      'entailment',
    );
    // Invented: 2 true positives, 1 true negative, 1 of either error, so (2 - 1) / √(3 · 3 · 2 · 2).
    expect(correlation).toBeCloseTo({ invented: 1 / 6, original: -0.061658 }[source], 6);
  });

  it('WiC offsets count characters, neither bytes nor UTF-16 units', async () => {
    const [idx, words] = { invented: [1, ['note', 'note']] as const, original: [463, ['piano', 'piano']] as const }[
      source
    ];
    const row = (await rowsOf(wic, 'val')).find((own) => own.idx === idx)!;
    expect(`${row.sentence1}${row.sentence2}`).toMatch(/[^\0-\x7f]/);
    expect(markedWords(row)).toEqual(words);
  });
});
