/** Pseudo tokens per slot, by their total: FewNLU numbers its patterns by that total. */
export type SlotTable = Readonly<Record<number, readonly number[]>>;

/**
 * How many pseudo tokens each slot of a pattern gets. Totals in the table are spread as FewNLU does; others as
 * evenly as possible, where later slots (nearer the mask) get the odd ones.
 */
export function spreadVirtualTokens(total: number, numSlots: number, table: SlotTable = {}): readonly number[] {
  const listed = table[total];
  if (listed !== undefined) return listed;
  const each = Math.floor(total / numSlots);
  const odd = total - each * numSlots;
  return Array.from({ length: numSlots }, (_, slot) => each + (slot >= numSlots - odd ? 1 : 0));
}
