import { sizeOf } from '@attune/base';
import * as fc from 'fast-check';
import type { Graph } from '../src/graph.ts';
import { GraphBuilder } from '../src/graph-builder.ts';
import type { ConstantData, ValueId, ValueInfo } from '../src/values.ts';
import { moves } from './random-moves.ts';

interface RandomGraph {
  readonly graph: Graph;
  readonly inputs: ReadonlyMap<string, ConstantData>;
}

export interface RandomGraphOptions {
  /** Patterns that a pass looks for, drawn as often as everything else together. */
  readonly motifs?: readonly Move[];
  /** Without kernels that turn a rounding difference into another value: for passes that may change last digits. */
  readonly smooth?: boolean;
}

/** Adds nodes to a graph; returns their values, none when nothing in the pool fits. */
export type Move = (builder: GraphBuilder, draw: Draw) => readonly ValueId[];

/** Choices of one move, and the values that exist so far. */
interface Draw {
  readonly int: (below: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  /** A value that fits, the newest half of the time. */
  readonly value: (fits: (info: ValueInfo) => boolean) => ValueId | undefined;
}

const LONGEST_GRAPH = 16;
/** Numbers that identities of algebra meet their exceptions at. */
const INTERESTING = [0, -0, 1, -1, 0.5, 2, -2.5, 3, 1e-3, Number.NaN, Number.POSITIVE_INFINITY, -1e30];
const SMOOTH = [0.1, 1, -1, 0.5, 2, -1.5, 0.75, -0.3];

/** Small graphs over most kernels, wasteful on purpose, with the content of their inputs. They shrink. */
export function randomGraphs(options: RandomGraphOptions = {}): fc.Arbitrary<RandomGraph> {
  const choices = fc.array(fc.nat(10_000), { minLength: 8, maxLength: 8 });
  return fc
    .record({
      sizes: fc.array(fc.constantFrom(2, 1, 3, 0), { minLength: 3, maxLength: 3 }),
      steps: fc.array(choices, { minLength: 1, maxLength: LONGEST_GRAPH }),
      content: choices,
    })
    .map((drawn) => build(drawn, options));
}

interface Drawn {
  readonly sizes: readonly number[];
  readonly steps: readonly (readonly number[])[];
  readonly content: readonly number[];
}

function build({ sizes, steps, content }: Drawn, { motifs = [], smooth = false }: RandomGraphOptions): RandomGraph {
  const builder = new GraphBuilder();
  const [p, q, r] = sizes as [number, number, number];
  const specs: [string, ValueInfo][] = [
    ['matrix', { shape: [p, q], dtype: 'float32' }],
    ['weight', { shape: [q, r], dtype: 'float32' }],
    ['row', { shape: [q], dtype: 'float32' }],
    ['scalar', { shape: [], dtype: 'float32' }],
    ['ids', { shape: [p], dtype: 'int32' }],
  ];
  const pool: ValueId[] = specs.map(([name, info]) => builder.input(name, info));
  const usable = moves.filter((move) => !(smooth && move.jumps)).map(({ add }) => add);
  for (const [which = 0, ...choices] of steps) {
    const from = motifs.length > 0 && which % 2 === 0 ? motifs : usable;
    pool.push(...from[Math.floor(which / 2) % from.length]!(builder, drawFrom(choices, builder, pool)));
  }
  for (const [index, value] of pool.slice(-2 - (content[0]! % 3)).entries()) {
    builder.output(`y${index}`, value);
  }
  const numbers = smooth ? SMOOTH : INTERESTING;
  const inputs = specs.map(([name, info], at) => [name, contentOf(info, content, at, numbers)] as const);
  return { graph: builder.finish(), inputs: new Map(inputs) };
}

function drawFrom(choices: readonly number[], builder: GraphBuilder, pool: readonly ValueId[]): Draw {
  let next = 0;
  const int = (below: number): number => {
    next += 1;
    return (choices[next - 1] ?? 0) % below;
  };
  const pick = <T>(from: readonly T[]): T => from[int(from.length)]!;
  const value: Draw['value'] = (fits) => {
    const fitting = pool.filter((candidate) => fits(builder.info(candidate)));
    return int(2) === 0 ? fitting.at(-1) : fitting[int(Math.max(1, fitting.length))];
  };
  return { int, pick, value };
}

function contentOf({ shape, dtype }: ValueInfo, content: readonly number[], at: number, numbers: readonly number[]) {
  const choice = (index: number): number => content[(index + at) % content.length]! + 7 * index;
  return dtype === 'int32'
    ? Int32Array.from({ length: sizeOf(shape) }, (_, index) => choice(index) % 3)
    : Float32Array.from({ length: sizeOf(shape) }, (_, index) => numbers[choice(index) % numbers.length]!);
}
