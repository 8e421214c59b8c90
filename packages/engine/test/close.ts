import { expect } from 'vitest';
import type { HostTensor, HostTensors } from '../src/contract.ts';

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** Shape, dtype and every element; NaN equals only NaN. A failure names the element and both values. */
export function expectClose(actual: HostTensor, expected: HostTensor, tolerance: Tolerance, what = 'tensor'): void {
  expect(`${actual.dtype}[${actual.shape}]`, what).toBe(`${expected.dtype}[${expected.shape}]`);
  const wrong = Array.from(expected.data).findIndex((value, index) => !isClose(actual.data[index]!, value, tolerance));
  if (wrong >= 0) {
    expect.fail(`${what}: element ${wrong} is ${actual.data[wrong]}, expected ${expected.data[wrong]}`);
  }
}

export function expectAllClose(actual: HostTensors, expected: HostTensors, tolerance: Tolerance): void {
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  for (const [name, tensor] of expected) {
    expectClose(actual.get(name)!, tensor, tolerance, name);
  }
}

function isClose(actual: number, expected: number, { relative, absolute }: Tolerance): boolean {
  return Object.is(actual, expected) || Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
}
