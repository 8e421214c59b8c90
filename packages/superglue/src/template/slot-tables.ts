import type { SlotTable } from './spread-virtual-tokens.ts';

/** Pseudo tokens per slot in FewNLU's P-tuning patterns (fewnlu/tasks/superglue/pvp.py), by their total. */
export const rteSlots: SlotTable = {
  1: [0, 1],
  2: [1, 1],
  3: [1, 2],
  4: [2, 2],
  5: [2, 3],
  6: [3, 3],
  8: [4, 4],
  10: [5, 5],
};

/** As RTE, which gives 5 the same split that even spreading does. */
export const boolqSlots = rteSlots;

/** FewNLU's for COPA. */
export const copaSlots: SlotTable = { 1: [0, 1], 2: [2, 0], 3: [3, 0], 4: [0, 4], 5: [3, 2], 6: [3, 3] };

/** FewNLU's for WSC. */
export const wscSlots: SlotTable = { 1: [1, 0], 2: [2, 0], 3: [3, 0], 4: [4, 0], 5: [3, 2], 6: [3, 3], 8: [4, 4] };

/** FewNLU's for MultiRC. */
export const multircSlots: SlotTable = {
  1: [0, 0, 1],
  2: [0, 1, 1],
  3: [1, 1, 1],
  4: [1, 1, 2],
  5: [1, 2, 2],
  6: [2, 2, 2],
  9: [3, 3, 3],
};

/** FewNLU's for WiC. */
export const wicSlots: SlotTable = { 1: [0, 1], 2: [1, 1], 4: [2, 2], 6: [3, 3], 8: [4, 4], 10: [5, 5] };
