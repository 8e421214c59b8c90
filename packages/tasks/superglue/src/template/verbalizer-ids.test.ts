import { describe, expect, it } from 'vitest';
import { wordTokenizer } from '../../test/word-tokenizer.ts';
import { verbalizerIds } from './pattern.ts';

describe('verbalizerIds', () => {
  const tokenizer = wordTokenizer(['no', 'yes', 'sure']);

  it('leaves case to the tokenizer', () => {
    expect(verbalizerIds([['No'], ['Yes', 'sure']], tokenizer, { where: 'here', afterSpace: true })).toEqual([
      [5],
      [6, 7],
    ]);
  });

  it('names every word that will not do', () => {
    expect(() =>
      verbalizerIds([['Maybe'], ['yes no'], ['']], tokenizer, { where: 'cb: pattern "fewnlu"', afterSpace: true }),
    ).toThrow(
      'cb: pattern "fewnlu": verbalizer word "Maybe" is unknown or special in this vocabulary; ' +
        '"yes no" becomes 2 tokens in this vocabulary; "" becomes 0 tokens in this vocabulary; ' +
        'expected exactly one ordinary token; choose another pattern',
    );
  });
});
