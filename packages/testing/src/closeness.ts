import type { HostTensor } from '@attune/base';

/** How far two numbers may be apart: |a - b| ≤ absolute + relative · |b|. */
export interface Closeness {
  readonly relative: number;
  readonly absolute: number;
}

/**
 * Two tensors are close: same dtype, same shape, and |actual - expected| ≤ absolute + relative · |expected| at every
 * element. NaN equals only NaN, an infinity only the same infinity.
 *
 * @throws Error naming the first element that differs, its index, both values, and how many differ
 */
export function expectClose(actual: HostTensor, expected: HostTensor, tolerance: Closeness): void {
  if (actual.dtype !== expected.dtype) throw new Error(`dtype: expected ${expected.dtype}, got ${actual.dtype}`);
  if (actual.shape.join() !== expected.shape.join()) {
    throw new Error(`shape: expected [${expected.shape.join(', ')}], got [${actual.shape.join(', ')}]`);
  }
  const different = differingElements(actual.data, expected.data, tolerance);
  const first = different[0];
  if (first === undefined) return;
  const at = unravel(first, expected.shape).join(', ');
  throw new Error(
    `element [${at}]: expected ${expected.data[first]}, got ${actual.data[first]}; ${different.length} of ` +
      `${expected.data.length} elements differ by more than ${tolerance.absolute} + ${tolerance.relative} · |expected|`,
  );
}

/** `expectClose` over two maps with the same names. */
export function expectAllClose(
  actual: ReadonlyMap<string, HostTensor>,
  expected: ReadonlyMap<string, HostTensor>,
  tolerance: Closeness,
): void {
  const names = [...expected.keys()].sort();
  const given = [...actual.keys()].sort();
  if (given.join() !== names.join()) throw new Error(`names: expected ${names.join(', ')}, got ${given.join(', ')}`);
  for (const name of names) {
    try {
      expectClose(actual.get(name)!, expected.get(name)!, tolerance);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
  }
}

function differingElements(
  actual: HostTensor['data'],
  expected: HostTensor['data'],
  { relative, absolute }: Closeness,
): number[] {
  const different: number[] = [];
  for (let index = 0; index < expected.length; index++) {
    const wanted = expected[index]!;
    const given = actual[index]!;
    // Object.is would tell 0 from -0; the subtraction alone would call Infinity - Infinity different.
    const same = wanted === given || (Number.isNaN(wanted) && Number.isNaN(given));
    const bound = absolute + relative * Math.abs(wanted);
    if (!same && !(Number.isFinite(wanted) && Math.abs(given - wanted) <= bound)) different.push(index);
  }
  return different;
}

/** Index of each dimension of a row-major offset. */
function unravel(offset: number, shape: readonly number[]): number[] {
  let rest = offset;
  return shape
    .map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
    .map((stride) => {
      const index = Math.floor(rest / stride);
      rest %= stride;
      return index;
    });
}
