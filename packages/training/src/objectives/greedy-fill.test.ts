import type { FillInstance } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { greedyFill } from './fill.ts';

const instance = (inputIds: number[]): FillInstance => ({
  kind: 'fill',
  sequence: {
    inputIds,
    tokenTypeIds: inputIds.map(() => 0),
    maskPositions: [...inputIds.keys()].filter((index) => inputIds[index] === 3),
    virtualTokenPositions: [],
  },
});

describe('greedyFill', () => {
  it('writes the most confident mask first and reads the others again', async () => {
    const seen: number[][] = [];
    const outputs = await greedyFill([instance([1, 3, 3, 3])], async ([only]) => {
      const { sequence } = only!;
      seen.push([...sequence.inputIds]);
      const written = sequence.inputIds.filter((id) => id >= 10).length;
      // The last mask first; later passes change what the others would be filled with.
      return [{ scores: [-4 + written, -2, -1], filledIds: [10 + written, 20 + written, 30 + written] }];
    });
    expect(seen).toEqual([
      [1, 3, 3, 3],
      [1, 3, 3, 30],
      [1, 3, 21, 30],
    ]);
    expect(outputs).toEqual([{ scores: [-2, -2, -1], filledIds: [12, 21, 30] }]);
  });

  it('takes the first of equally confident masks and leaves finished instances alone', async () => {
    let passes = 0;
    const both = [instance([1, 3]), instance([1, 3, 3])];
    const outputs = await greedyFill(both, async (instances) => {
      passes += 1;
      return instances.map(({ sequence }) => ({
        scores: sequence.maskPositions.map(() => -passes),
        filledIds: sequence.maskPositions.map(() => 10 * passes),
      }));
    });
    expect(passes).toBe(2);
    expect(outputs).toEqual([
      { scores: [-1], filledIds: [10] },
      { scores: [-1, -2], filledIds: [10, 20] },
    ]);
  });

  it('runs nothing when there is nothing to fill', async () => {
    expect(await greedyFill([instance([1, 2])], () => Promise.reject(new Error('ran')))).toEqual([
      { scores: [], filledIds: [] },
    ]);
  });
});
