import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boolq, cb, copa, multirc, record, rte, wic, wsc } from '../src/index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-superglue-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(text: string): Promise<string> {
  const path = join(folder, 'val.jsonl');
  await writeFile(path, text);
  return path;
}

const question = { idx: 0, question: 'is tin a metal', passage: 'Tin -- Tin is a metal. ' };

describe('readRows', () => {
  it('keeps texts as they are and splits on LF only', async () => {
    const odd = { ...question, question: '\ufeffis\u2028it so\u0085', label: true };
    const path = await file(`${JSON.stringify(odd)}\n\n${JSON.stringify(question)}\n`);
    expect(await boolq.readRows(path)).toEqual([odd, question]);
  });

  it('takes a row id written as a string', async () => {
    const path = await file(JSON.stringify({ idx: '7', premise: 'a', hypothesis: 'b', label: 'entailment' }));
    expect(await rte.readRows(path)).toEqual([{ idx: 7, premise: 'a', hypothesis: 'b', label: 'entailment' }]);
  });

  const mention = { start: 0, end: 2 };
  const span = { span1_text: 'Ann', span1_index: 0, span2_text: 'she', span2_index: 2 };
  const words = { idx: 0, word: 'run', sentence1: 'I run', sentence2: 'a run', start1: 2, end1: 5, start2: 2, end2: 9 };
  it.each([
    [
      boolq,
      { ...question, label: 'yes', passage: 3 },
      ['passage: expected a string, got 3 (a number)', 'label: expected a boolean, got "yes" (a string)'],
    ],
    [boolq, { idx: 0, question: 'x' }, ['passage: expected a string, got nothing (the field is missing)']],
    [
      boolq,
      [question],
      ['the line: expected an object, got [{"idx":0,"question":"is tin a metal","passage":"Tin -- T... (an array)'],
    ],
    [
      cb,
      { idx: 0, premise: 'a', hypothesis: 'b', label: 'maybe' },
      ['label: expected "entailment", "contradiction" or "neutral", got "maybe" (a string)'],
    ],
    [
      copa,
      { idx: -1, premise: 'a', choice1: 'b', choice2: 'c', question: 'why', label: 2 },
      [
        'idx: expected at least 0, got -1 (a number)',
        'question: expected "cause" or "effect", got "why" (a string)',
        'label: expected 0 or 1, got 2 (a number)',
      ],
    ],
    [
      rte,
      { idx: 0.5, premise: 'a', hypothesis: 'b', label: 'not entailment' },
      [
        'idx: expected an integer, got 0.5 (a number)',
        'label: expected "entailment" or "not_entailment", got "not entailment" (a string)',
      ],
    ],
    [
      multirc,
      {
        idx: 0,
        passage: { text: 'a', questions: [{ idx: 0, question: 'b', answers: [{ idx: 0, text: 'c', label: true }] }] },
      },
      ['passage.questions.0.answers.0.label: expected 0 or 1, got true (a boolean)'],
    ],
    [
      record,
      {
        idx: 0,
        passage: { text: 'Ann', entities: [mention, { start: 1, end: 3 }] },
        qas: [{ idx: 0, query: '@placeholder' }],
      },
      ["passage.entities.1.end: expected an inclusive end from 1 to 2, the passage's last character, got 3 (a number)"],
    ],
    [
      record,
      { idx: 0, passage: { text: 'Ann', entities: [mention] }, qas: [{ idx: 0, query: 'who' }] },
      ['qas.0.query: expected a text with @placeholder, got "who" (a string)'],
    ],
    [wic, words, ['end2: expected an offset after 2 and at most 5, the end of the sentence, got 9 (a number)']],
    [
      wsc,
      { idx: 0, text: 'Ann said she', target: { ...span, span2_index: 'two' } },
      ['target.span2_index: expected a number, got "two" (a string)'],
    ],
  ])('lists all problems of a line: %#', async (task, line, problems) => {
    const path = await file(`\n${JSON.stringify(line)}\n`);
    await expect(task.readRows(path)).rejects.toThrow(`${path}:2: ${problems.join('; ')}`);
    await expect(task.readRows(path)).rejects.toMatchObject({ name: 'DatasetError' });
  });

  it('names the line that is not JSON', async () => {
    const path = await file(`${JSON.stringify(question)}\n{"idx": 1,`);
    await expect(boolq.readRows(path)).rejects.toThrow(`${path}:2: not JSON: `);
  });

  it('refuses a byte-order mark', async () => {
    const path = await file(`\ufeff${JSON.stringify(question)}\n`);
    await expect(boolq.readRows(path)).rejects.toThrow(
      `${path}: starts with a byte-order mark; save it as UTF-8 without one`,
    );
  });

  it('refuses bytes that are no UTF-8, which would else become other characters in silence', async () => {
    const path = await file('');
    await writeFile(path, Buffer.concat([Buffer.from('{"question": "'), Buffer.from([0xe9]), Buffer.from('"}')]));
    await expect(boolq.readRows(path)).rejects.toThrow(`${path}: expected text in UTF-8, found bytes that are none`);
  });

  it('refuses a file without rows and a file that is not there', async () => {
    const path = await file('\n');
    await expect(boolq.readRows(path)).rejects.toThrow(
      `${path}: expected one JSON object per line, got a file without rows`,
    );
    const missing = join(folder, 'train.jsonl');
    await expect(boolq.readRows(missing)).rejects.toThrow(`${missing}: cannot be read: ENOENT`);
  });
});
