import { floatTensor, randomSource } from '@attune/base';
import { tinyBert } from '@attune/testing';
import { expect, test } from 'vitest';
import { randomRows, wordEmbeddings, wordEmbeddingValues } from './place-prompts.ts';

test('finds the table of a BERT', () => {
  expect(wordEmbeddings(tinyBert().model)).toEqual({ name: 'bert.embeddings.word_embeddings.weight', width: 16 });
});

test('says when a model has none', () => {
  const { model } = tinyBert();
  expect(() => wordEmbeddings({ ...model, parameters: [] })).toThrow(
    "p-tuning: expected word embeddings [50, width] among bert's parameters",
  );
});

test('copies whole rows of the table', () => {
  const table = floatTensor([3, 2], [10, 11, 20, 21, 30, 31]);
  const { shape, data } = randomRows(table, 20, randomSource(1));
  expect(shape).toEqual([20, 2]);
  const rows = Array.from({ length: 20 }, (_, row) => `${data[2 * row]} ${data[2 * row + 1]}`);
  expect([...new Set(rows)].sort()).toEqual(['10 11', '20 21', '30 31']);
});

test('says when the values lack the table', () => {
  expect(() => wordEmbeddingValues(new Map(), 'w')).toThrow(
    'p-tuning: initialization "vocabulary" expected the tensor "w" among the model\'s values',
  );
});
