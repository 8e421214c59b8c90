import { DatasetError } from '@attune/base';
import { describe, expect, it } from 'vitest';
import { boolq } from './tasks/boolq.ts';
import { cb } from './tasks/cb.ts';
import { copa } from './tasks/copa.ts';
import { multirc } from './tasks/multirc.ts';
import { record } from './tasks/record.ts';
import { rte } from './tasks/rte.ts';
import { wic } from './tasks/wic.ts';
import { wsc } from './tasks/wsc.ts';

const path = 'BoolQ/val.jsonl';
const bytesOf = (text: string) => new TextEncoder().encode(text);

const question = { idx: 0, question: 'is tin a metal', passage: 'Tin -- Tin is a metal. ' };

describe('parseRows', () => {
  it('keeps texts as they are and splits on LF only', () => {
    const odd = { ...question, idx: 7, question: '\ufeffis\u2028it so\u0085', label: true };
    const bytes = bytesOf(`${JSON.stringify(odd)}\n\n${JSON.stringify(question)}\n`);
    expect(boolq.parseRows(bytes, path)).toEqual([odd, question]);
  });

  it('takes a row id written as a string', () => {
    const bytes = bytesOf(JSON.stringify({ idx: '7', premise: 'a', hypothesis: 'b', label: 'entailment' }));
    expect(rte.parseRows(bytes, path)).toEqual([{ idx: 7, premise: 'a', hypothesis: 'b', label: 'entailment' }]);
  });

  const mention = { start: 0, end: 2 };
  const span = { span1_text: 'Ann', span1_index: 0, span2_text: 'she', span2_index: 2 };
  const words = { idx: 0, word: 'run', sentence1: 'I run', sentence2: 'a run', start1: 2, end1: 5, start2: 2, end2: 9 };
  it.each([
    [
      boolq,
      { ...question, label: 'yes', passage: 3 },
      ['passage: expected a string, got 3', 'label: expected a boolean, got "yes" (a string)'],
    ],
    [boolq, { idx: 0, question: 'x' }, ['passage: expected a string, got nothing']],
    [
      boolq,
      [question],
      ['expected an object, got [{"idx":0,"question":"is tin a metal","passage":"Tin -- T... (an array)'],
    ],
    [
      cb,
      { idx: 0, premise: 'a', hypothesis: 'b', label: 'maybe' },
      ['label: expected one of "entailment", "contradiction", "neutral", got "maybe" (a string)'],
    ],
    [
      copa,
      { idx: -1, premise: 'a', choice1: 'b', choice2: 'c', question: 'why', label: 2 },
      [
        'idx: expected a number at least 0, got -1',
        'question: expected one of "cause", "effect", got "why" (a string)',
        'label: expected one of 0, 1, got 2',
      ],
    ],
    [
      rte,
      { idx: 0.5, premise: 'a', hypothesis: 'b', label: 'not entailment' },
      [
        'idx: expected an integer, got 0.5',
        'label: expected one of "entailment", "not_entailment", got "not entailment" (a string); did you mean "not_entailment"?',
      ],
    ],
    [
      multirc,
      {
        idx: 0,
        passage: { text: 'a', questions: [{ idx: 0, question: 'b', answers: [{ idx: 0, text: 'c', label: true }] }] },
      },
      ['passage.questions[0].answers[0].label: expected one of 0, 1, got true'],
    ],
    [
      record,
      {
        idx: 0,
        passage: { text: 'Ann', entities: [mention, { start: 1, end: 3 }] },
        qas: [{ idx: 0, query: '@placeholder' }],
      },
      ["passage.entities[1].end: expected an inclusive end from 1 to 2, the passage's last character, got 3"],
    ],
    [
      record,
      { idx: 0, passage: { text: 'Ann', entities: [mention] }, qas: [{ idx: 0, query: 'who' }] },
      ['qas[0].query: expected a text with @placeholder, got "who" (a string)'],
    ],
    [wic, words, ['end2: expected an offset after 2 and at most 5, the end of the sentence, got 9']],
    [
      wsc,
      { idx: 0, text: 'Ann said she', target: { ...span, span2_index: 'two' } },
      ['target.span2_index: expected a number, got "two" (a string)'],
    ],
  ])('lists all problems of a line: %#', (task, line, problems) => {
    const bytes = bytesOf(`\n${JSON.stringify(line)}\n`);
    expect(() => task.parseRows(bytes, path)).toThrow(new DatasetError(`${path}:2: ${problems.join('; ')}`));
  });

  it('names the line that is not JSON', () => {
    const bytes = bytesOf(`${JSON.stringify(question)}\n{"idx": 1,`);
    expect(() => boolq.parseRows(bytes, path)).toThrow(`${path}:2: not JSON: `);
  });

  it('refuses a byte-order mark', () => {
    const bytes = bytesOf(`\ufeff${JSON.stringify(question)}\n`);
    expect(() => boolq.parseRows(bytes, path)).toThrow(
      `${path}: starts with a byte-order mark; save it as UTF-8 without one`,
    );
  });

  it('refuses bytes that are no UTF-8', () => {
    const bytes = Uint8Array.of(...bytesOf('{"idx": "'), 0xff, ...bytesOf('"}'));
    expect(() => boolq.parseRows(bytes, path)).toThrow(
      new DatasetError(`${path}:1: expected text in UTF-8, found bytes that are none`),
    );
  });

  it('refuses a file without rows', () => {
    expect(() => boolq.parseRows(bytesOf('\n'), path)).toThrow(
      new DatasetError(`${path}: expected one JSON object per line, got a file without rows`),
    );
  });
});
