import { describe, expect, it } from 'vitest';
import { multircSlots, rteSlots, spreadVirtualTokens } from './lay-out-template.ts';

describe('spreadVirtualTokens', () => {
  it.each([
    { total: 0, numSlots: 2, table: rteSlots, expected: [0, 0] },
    { total: 1, numSlots: 2, table: rteSlots, expected: [0, 1] },
    { total: 5, numSlots: 2, table: rteSlots, expected: [2, 3] },
    { total: 7, numSlots: 2, table: rteSlots, expected: [3, 4] },
    { total: 2, numSlots: 2, table: { 2: [2, 0] }, expected: [2, 0] },
    { total: 5, numSlots: 3, table: multircSlots, expected: [1, 2, 2] },
    { total: 7, numSlots: 3, table: multircSlots, expected: [2, 2, 3] },
    { total: 8, numSlots: 3, table: multircSlots, expected: [2, 3, 3] },
    { total: 4, numSlots: 1, table: undefined, expected: [4] },
  ])('$total over $numSlots slots', ({ total, numSlots, table, expected }) => {
    expect(spreadVirtualTokens(total, numSlots, table)).toEqual(expected);
  });
});
