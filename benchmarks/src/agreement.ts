import type { HostTensors } from '@attune/base';

/** Loss and gradients of one step. */
export interface LossAndGradients {
  readonly loss: number;
  readonly gradients: HostTensors;
}

/** Loss and gradients of both sides must be at least this close before anything is timed. */
export const agreementTolerance = 1e-4;

/**
 * Gradients that are exactly zero (of a key's bias, for example) are rounding errors on both sides. Those below this
 * share of the largest gradient of the model are compared with that floor.
 */
const floorShare = 1e-3;

interface Disagreement {
  readonly value: number;
  /** "loss" or the parameter that differs most. */
  readonly where: string;
}

/**
 * Largest difference between two sides: of the loss relative to it, and of each parameter's gradient in its largest
 * element, relative to the largest element of that gradient or to the floor.
 *
 * @throws RangeError when the two have other names or sizes
 */
export function disagreement(ours: LossAndGradients, theirs: LossAndGradients): Disagreement {
  const names = [...ours.gradients.keys()].sort();
  const given = [...theirs.gradients.keys()].sort();
  if (names.join() !== given.join()) {
    const odd = names.filter((name) => !given.includes(name)).concat(given.filter((name) => !names.includes(name)));
    throw new RangeError(`gradients: both sides must have the same names, only one has ${odd.slice(0, 5).join(', ')}`);
  }
  const largest = names.map((name) => largestOf(theirs.gradients.get(name)!.data));
  const floor = floorShare * Math.max(...largest);
  const all = names.map((name, index) => ({
    where: name,
    value: difference(name, ours.gradients, theirs.gradients) / Math.max(largest[index]!, floor),
  }));
  const loss = { where: 'loss', value: Math.abs(ours.loss - theirs.loss) / Math.abs(theirs.loss) };
  // A NaN is worse than any number, and stays the worst.
  return [loss, ...all].reduce((worst, one) => (one.value <= worst.value || Number.isNaN(worst.value) ? worst : one));
}

function largestOf(values: Float32Array | Int32Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function difference(name: string, ours: HostTensors, theirs: HostTensors): number {
  const [a, b] = [ours.get(name)!.data, theirs.get(name)!.data];
  if (a.length !== b.length) throw new RangeError(`gradients: ${name} has ${a.length} values here, ${b.length} there`);
  let largest = 0;
  // Math.max keeps a NaN, which must not pass as close.
  for (let index = 0; index < a.length; index++) largest = Math.max(largest, Math.abs(a[index]! - b[index]!));
  return largest;
}
