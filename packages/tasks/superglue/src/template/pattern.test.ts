import { describe, expect, it } from 'vitest';
import { choosePattern, pattern } from './pattern.ts';

const patterns = {
  middle: pattern('{question} ? [M] . {passage}'),
  prompt: pattern('{passage} {question} ? [M] [P]'),
  last: pattern('{passage} {question} ? [P] [M] .'),
  many: pattern('{passage} or [M*]'),
};

describe('choosePattern', () => {
  it('takes the first for a masked language model', () => {
    expect(choosePattern('boolq', patterns, {}).name).toBe('middle');
    expect(choosePattern('boolq', patterns, { pattern: 'prompt', languageModel: 'masked' }).name).toBe('prompt');
  });

  it('takes the first that ends with its mask for a causal one', () => {
    expect(choosePattern('boolq', patterns, { languageModel: 'causal' }).name).toBe('last');
    expect(choosePattern('boolq', patterns, { pattern: 'many', languageModel: 'causal' }).name).toBe('many');
  });

  it('says which patterns end with their mask, or that none does', () => {
    expect(() => choosePattern('boolq', patterns, { pattern: 'prompt', languageModel: 'causal' })).toThrow(
      'boolq: pattern "prompt" goes on after its mask, and a causal language model reads nothing after it; patterns ' +
        'that end with it: last, many',
    );
    expect(() => choosePattern('record', { middle: patterns.middle }, { languageModel: 'causal' })).toThrow(
      'record: pattern "middle" goes on after its mask, and a causal language model reads nothing after it; no ' +
        'pattern ends with its mask, so pose the task with a classification head',
    );
  });
});
