import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectPassKeepsValue } from '../test/keeps-value.ts';
import { randomGraphs } from '../test/random-graph.ts';
import type { Graph } from './graph.ts';
import { eliminateCommonSubexpressions, eliminateDeadCode } from './passes/eliminate.ts';

test('dead code elimination keeps the value', () => expectPassKeepsValue(eliminateDeadCode));

test('common subexpression elimination keeps the value', () => expectPassKeepsValue(eliminateCommonSubexpressions));

test('a pass that changes the value is caught', () => {
  const wrong = (graph: Graph): Graph => ({
    ...graph,
    nodes: graph.nodes.map((node) => (node.kernel === 'Sub' ? { ...node, inputs: node.inputs.toReversed() } : node)),
  });
  expect(() => expectPassKeepsValue(wrong)).toThrow(/output "y\d"\[\d\] is .*, expected /);
});

test('random graphs use most kernels', () => {
  const graphs = fc.sample(randomGraphs(), { seed: 1, numRuns: 200 });
  const kernels = new Set(graphs.flatMap(({ graph }) => graph.nodes.map(({ kernel }) => kernel)));
  expect(kernels.size).toBeGreaterThan(35);
});
