/**
 * The number of slots compiled for so many masks or candidates: the next of 1, 2, 3, 4, 6, 8, 12, 16, 24, … so that
 * batches with slightly different numbers share a shape and at most a third of the slots is empty.
 */
export function slotCapacity(count: number): number {
  let power = 1;
  while (power < count) power *= 2;
  const between = (power * 3) / 4;
  return power > 2 && between >= count ? between : power;
}
