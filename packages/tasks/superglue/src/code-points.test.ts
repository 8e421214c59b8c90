import { expect, it } from 'vitest';
import { recordQueries, recordSchema } from './tasks/record-row.ts';
import { markedWords, type WicRow } from './tasks/wic.ts';
import { codePointLength, codePointSlice } from './text.ts';

it.each([
  ['The bank.', 4, 8, 9, 'bank'],
  ['é\u0301 bank', 3, 7, 7, 'bank'],
  ['\u{1f600} a \u{1d52b} bank', 6, 10, 10, 'bank'],
  ['', 0, 0, 0, ''],
])('%j: counts characters as Python does', (text, start, end, length, expected) => {
  expect(codePointSlice(text, start, end)).toBe(expected);
  expect(codePointLength(text)).toBe(length);
});

it("finds WiC's words and ReCoRD's mentions behind characters outside the basic plane", () => {
  const words = { sentence1: '\u{1f3e6} my bank', start1: 5, end1: 9, sentence2: 'banks', start2: 0, end2: 5 };
  expect(markedWords({ idx: 0, word: 'bank', ...words } as WicRow)).toEqual(['bank', 'banks']);
  const passage = {
    text: '\u{1f3e6} Ann saw Bob',
    entities: [
      { start: 2, end: 4 },
      { start: 10, end: 12 },
    ],
  };
  const row = recordSchema.parse({ idx: 0, passage, qas: [{ idx: 0, query: '@placeholder saw' }] });
  expect(recordQueries(row)[0]!.mentions).toEqual(['Ann', 'Bob']);
});
