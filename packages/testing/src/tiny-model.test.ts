import { expect, it } from 'vitest';
import { tinyBert } from './tiny-model.ts';
import { tinyTokenizer } from './tiny-tokenizer.ts';

it('the tiny tokenizer fits the tiny model', () => {
  const tokenizer = tinyTokenizer();
  expect(tokenizer.vocabSize).toBe(tinyBert().model.vocabSize);
  expect(tokenizer.decode(tokenizer.encode('The bridges, was it old?'))).toBe('the bridges, was it old?');
});
