import { expect, it } from 'vitest';
import { tinyBert, tinyTokenizer } from './tiny-model.ts';

it('the tiny tokenizer fits the tiny model', () => {
  const tokenizer = tinyTokenizer();
  expect(tokenizer.vocabSize).toBe(tinyBert().model.vocabSize);
  expect(tokenizer.decode(tokenizer.encode('The bridges, was it old?'))).toBe('the bridges, was it old?');
});
