import { TraceError } from '@attune/base';
import { type TracedFunction, trace } from '../trace/trace.ts';
import type { DType } from '../values.ts';
import type { SymbolicGraph } from './symbolic-graph.ts';
import { type Point, unifyGraphs } from './unify-graphs.ts';

/** A size that the graph is to leave open. */
export interface SymbolSpec {
  readonly name: string;
  /** The largest value it may have; none when absent. */
  readonly max?: number;
}

/** A named input; a symbol's name stands for its size. */
export interface SymbolicInputSpec {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly dtype: DType;
}

const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37] as const;

/**
 * Records a function once for every size of some axes. It is traced at a few sizes, all different: one point, one more
 * for each symbol that moves it alone, and one more, close to the largest sizes, that what was found is checked at.
 * Sizes of 1 are never traced, so an axis of 1 is not mistaken for one that broadcasts.
 *
 * @throws TraceError naming the node that does not fit, see `unifyGraphs`; or see `trace`
 */
export function traceSymbolic(
  fn: TracedFunction,
  inputs: readonly SymbolicInputSpec[],
  symbols: readonly SymbolSpec[],
): SymbolicGraph {
  const samples = samplePoints(symbols).map((point) => {
    const specs = inputs.map((spec) => ({
      ...spec,
      shape: spec.shape.map((size) => (typeof size === 'number' ? size : valueAt(point, size, spec.name))),
    }));
    return { point, graph: trace(fn, specs) };
  });
  return unifyGraphs(
    samples,
    symbols.map(({ name }) => name),
  );
}

function samplePoints(symbols: readonly SymbolSpec[]): Point[] {
  const count = symbols.length;
  if (3 * count > primes.length) {
    throw new TraceError(`symbolic: expected at most ${primes.length / 3} sizes, got ${count}`);
  }
  const base = symbols.map((_, index) => primes[index]!);
  const moved = symbols.map((_, index) => primes[count + index]!);
  // One below the largest: a slice of the whole is recorded as nothing.
  const last = symbols.map(({ max }, index) => (max === undefined ? primes[2 * count + index]! : max - 1));
  symbols.forEach(({ name, max }, index) => {
    if (last[index]! <= moved[index]!) {
      throw new TraceError(`symbolic: ${name} may be ${max} at most; expected ${moved[index]! + 2} or more`);
    }
  });
  const point = (values: readonly number[]) => new Map(symbols.map(({ name }, index) => [name, values[index]!]));
  return [point(base), ...symbols.map((_, index) => point(base.with(index, moved[index]!))), point(last)];
}

function valueAt(point: Point, symbol: string, input: string): number {
  const value = point.get(symbol);
  if (value !== undefined) return value;
  throw new TraceError(`symbolic: input "${input}" has the size "${symbol}"; known: ${[...point.keys()].join(', ')}`);
}
