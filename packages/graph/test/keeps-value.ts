import * as fc from 'fast-check';
import { evaluateGraph } from '../src/evaluate-graph.ts';
import type { Graph } from '../src/graph.ts';
import { infoText, printGraph } from '../src/print-graph.ts';
import { validateGraph } from '../src/validate-graph.ts';
import type { ConstantData, HostValue } from '../src/values.ts';
import { type RandomGraphOptions, randomGraphs } from './random-graph.ts';

/** Largest difference, as a share of the value or of one, whichever is larger; 0 asks for the same numbers. */
export interface SameValueOptions {
  readonly tolerance?: number;
}

/**
 * Both graphs have the same outputs with the same values on these inputs. NaN equals only NaN, 0 equals -0.
 * A failure prints both graphs.
 */
export function expectSameValue(
  before: Graph,
  after: Graph,
  inputs: ReadonlyMap<string, ConstantData>,
  { tolerance = 0 }: SameValueOptions = {},
): void {
  const [expected, actual] = [evaluateGraph(before, inputs), evaluateGraph(after, inputs)];
  const differences = [...expected].flatMap(([name, value]) => difference(name, actual.get(name), value, tolerance));
  if (differences.length > 0 || actual.size !== expected.size) {
    throw new Error(`${differences.join('\n')}\nbefore:\n${printGraph(before)}\nafter:\n${printGraph(after)}`);
  }
}

/** A pass keeps the value of random graphs. With a tolerance, of graphs that do not magnify differences. */
export function expectPassKeepsValue(
  pass: (graph: Graph) => Graph,
  options: SameValueOptions & RandomGraphOptions & { readonly numRuns?: number } = {},
): void {
  const smooth = options.smooth ?? (options.tolerance ?? 0) > 0;
  fc.assert(
    fc.property(randomGraphs({ ...options, smooth }), ({ graph, inputs }) => {
      const after = pass(graph);
      validateGraph(after);
      expectSameValue(graph, after, inputs, options);
    }),
    { seed: 1, numRuns: options.numRuns ?? 200, includeErrorInReport: true },
  );
}

function difference(name: string, actual: HostValue | undefined, expected: HostValue, tolerance: number): string[] {
  if (actual === undefined || infoText(actual) !== infoText(expected)) {
    return [`output "${name}" is ${actual ? infoText(actual) : 'missing'}, expected ${infoText(expected)}`];
  }
  const wrong = expected.data.findIndex((value, index) => !isSame(actual.data[index]!, value, tolerance));
  return wrong < 0 ? [] : [`output "${name}"[${wrong}] is ${actual.data[wrong]}, expected ${expected.data[wrong]}`];
}

function isSame(actual: number, expected: number, tolerance: number): boolean {
  return (
    actual === expected ||
    (Number.isNaN(actual) && Number.isNaN(expected)) ||
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected))
  );
}
