import { expect, it } from 'vitest';
import { causalLanguageModelInstances } from './language-model-instances.ts';

const tokenizer = { specialIds: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 } };

it('asks for every token after the first, in whole lines and cut ones', () => {
  const lines = [[7, 8, 9], [], [10, 11, 12, 13]];
  expect(causalLanguageModelInstances({ lines, tokenizer, maxLength: 5 })).toEqual([
    {
      kind: 'fill',
      sequence: {
        inputIds: [2, 7, 8, 9, 3],
        tokenTypeIds: [0, 0, 0, 0, 0],
        maskPositions: [1, 2, 3, 4],
        virtualTokenPositions: [],
      },
      targets: [7, 8, 9, 3],
    },
    {
      kind: 'fill',
      sequence: {
        inputIds: [2, 10, 11, 12, 3],
        tokenTypeIds: [0, 0, 0, 0, 0],
        maskPositions: [1, 2, 3, 4],
        virtualTokenPositions: [],
      },
      targets: [10, 11, 12, 3],
    },
  ]);
});
