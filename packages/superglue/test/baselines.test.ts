import type { Prediction, Task } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { boolq, cb, copa, matthewsCorrelation, multirc, record, rte, wic, wsc } from '../src/index.ts';
import { recordQueries } from '../src/tasks/record-row.ts';
import { markedWords } from '../src/tasks/wic.ts';
import { hasFewglue, rowsOf } from './fewglue.ts';

/** Scores of simple predictors on the original files, as exact fractions. */
async function scoreOf<Row>(task: Task<Row>, predict: (row: Row) => readonly Prediction[], split = 'val') {
  const rows = await rowsOf(task, split);
  return task.score(rows, rows.flatMap(predict));
}

function byIdx(answer: (idx: number) => string) {
  return ({ idx }: { readonly idx: number }) => [{ id: String(idx), predicted: answer(idx) }];
}

const evenIsTrue = byIdx((idx) => String(idx % 2 === 0));
const classes = ['entailment', 'contradiction', 'neutral'];

type MultircRow = ReturnType<typeof multirc.parseRows>[number];
function answers(answer: (idx: number) => number) {
  return ({ idx, passage }: MultircRow) =>
    passage.questions.flatMap((question) =>
      question.answers.map((own) => ({ id: `${idx}-${question.idx}-${own.idx}`, predicted: String(answer(own.idx)) })),
    );
}

function close(scores: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  expect(Object.keys(scores)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) expect(scores[name]).toBeCloseTo(value, 12);
}

describe.skipIf(!hasFewglue)('simple predictors on the original files', () => {
  it('BoolQ', async () => {
    close(
      await scoreOf(
        boolq,
        byIdx(() => 'true'),
      ),
      { accuracy: 2033 / 3270 },
    );
    close(await scoreOf(boolq, evenIsTrue), { accuracy: 1626 / 3270 });
  });

  it('CB', async () => {
    close(
      await scoreOf(
        cb,
        byIdx(() => 'contradiction'),
      ),
      { accuracy: 1 / 2, f1Macro: 2 / 9 },
    );
    close(
      await scoreOf(
        cb,
        byIdx((idx) => classes[idx % 3]!),
      ),
      { accuracy: 13 / 56, f1Macro: 1584 / 7567 },
    );
  });

  it('COPA', async () => {
    close(
      await scoreOf(
        copa,
        byIdx(() => '0'),
      ),
      { accuracy: 0.55 },
    );
    close(
      await scoreOf(
        copa,
        byIdx((idx) => String(idx % 2)),
      ),
      { accuracy: 0.49 },
    );
  });

  it('MultiRC', async () => {
    close(
      await scoreOf(
        multirc,
        answers(() => 1),
      ),
      { f1Answer: 4150 / 6923, exactMatch: 8 / 953 },
    );
    close(
      await scoreOf(
        multirc,
        answers(() => 0),
      ),
      { f1Answer: 0, exactMatch: 3 / 953 },
    );
    close(
      await scoreOf(
        multirc,
        answers((idx) => idx % 2),
      ),
      { f1Answer: 2072 / 4499, exactMatch: 75 / 953 },
    );
  });

  it('RTE, with Matthews correlation', async () => {
    close(
      await scoreOf(
        rte,
        byIdx(() => 'entailment'),
      ),
      { accuracy: 146 / 277 },
    );
    const evenEntails = byIdx((idx) => (idx % 2 === 0 ? 'entailment' : 'not_entailment'));
    close(await scoreOf(rte, evenEntails), { accuracy: 130 / 277 });
    const rows = await rowsOf(rte, 'val');
    const predicted = rows.flatMap(evenEntails).map((own) => own.predicted);
    const gold = rows.map((row) => row.label!);
    expect(matthewsCorrelation(gold, predicted, 'entailment')).toBeCloseTo(-0.061658, 6);
  });

  it('WiC', async () => {
    close(
      await scoreOf(
        wic,
        byIdx(() => 'true'),
      ),
      { accuracy: 0.5 },
    );
    const sameForm = await scoreOf(wic, (row) => {
      const [first, second] = markedWords(row);
      return [{ id: String(row.idx), predicted: String(first.toLowerCase() === second.toLowerCase()) }];
    });
    close(sameForm, { accuracy: 335 / 638 });
  });

  it('WiC offsets count characters, not bytes', async () => {
    const row = (await rowsOf(wic, 'val')).find(({ idx }) => idx === 463)!;
    expect(markedWords(row).map((word) => word.toLowerCase())).toContain('piano');
    expect(`${row.sentence1}${row.sentence2}`).toMatch(/[^\0-\x7f]/);
  });

  it('WSC', async () => {
    close(
      await scoreOf(
        wsc,
        byIdx(() => 'false'),
      ),
      { accuracy: 66 / 104 },
    );
    close(await scoreOf(wsc, evenIsTrue), { accuracy: 46 / 104 });
  });

  it.each([
    ['train', 3],
    ['dev32', 8],
  ])('ReCoRD %s', async (split, mostFrequent) => {
    const rows = await rowsOf(record, split);
    const first = rows.flatMap(recordQueries).map(({ id, mentions }) => ({ id, predicted: mentions[0]! }));
    close(record.score(rows, first), { f1: 1 / 32, exactMatch: 1 / 32 });
    close(record.majority([], rows), { f1: mostFrequent / 32, exactMatch: mostFrequent / 32 });
  });

  it('majority answers are those of the training rows', async () => {
    const majority = async <Row>(task: Task<Row>) =>
      task.majority(await rowsOf(task, 'train'), await rowsOf(task, 'val'));
    close(await majority(boolq), { accuracy: 2033 / 3270 });
    close(await majority(cb), { accuracy: 23 / 56, f1Macro: 46 / 79 / 3 });
    close(await majority(copa), { accuracy: 45 / 100 });
    close(await majority(multirc), { f1Answer: 4150 / 6923, exactMatch: 8 / 953 });
    close(await majority(rte), { accuracy: 131 / 277 });
    close(await majority(wic), { accuracy: 0.5 });
    close(await majority(wsc), { accuracy: 38 / 104 });
  });
});
