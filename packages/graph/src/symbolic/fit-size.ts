import { type Size, SymbolicSize } from './symbolic-size.ts';

/** A value for each symbol. */
export type Point = ReadonlyMap<string, number>;

export interface Sample {
  readonly point: Point;
  readonly value: number;
}

/**
 * The one expression constant + coefficient · product of symbols that gives these values, or undefined when there is
 * none with whole numbers.
 *
 * @param samples  the first, then one for each symbol where that symbol alone differs from the first, then any further
 *   ones: which symbols take part is read off the former, the latter only check the result
 */
export function fitSize(samples: readonly Sample[], symbols: readonly string[]): Size | undefined {
  const base = samples[0]!;
  if (samples.every(({ value }) => Object.is(value, base.value))) return base.value;
  const involved = symbols.filter((_, index) => samples[index + 1]!.value !== base.value);
  const moved = samples[symbols.indexOf(involved[0] ?? '') + 1]!;
  const product = ({ point }: Sample) => involved.reduce((result, symbol) => result * point.get(symbol)!, 1);
  const coefficient = (moved.value - base.value) / (product(moved) - product(base));
  const constant = base.value - coefficient * product(base);
  if (!(Number.isInteger(coefficient) && Number.isInteger(constant))) return undefined;
  const fits = samples.every((sample) => sample.value === constant + coefficient * product(sample));
  return fits ? new SymbolicSize(constant, coefficient, involved) : undefined;
}
