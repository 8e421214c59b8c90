/**
 * The number of mask slots compiled for: the next of 1, 2, 3, 4, 6, 8, 12, 16, 24, … so that batches with slightly
 * different numbers of masks share a shape and at most a third of the slots is empty.
 */
export function maskCapacity(masks: number): number {
  let power = 1;
  while (power < masks) power *= 2;
  const between = (power * 3) / 4;
  return power > 2 && between >= masks ? between : power;
}
