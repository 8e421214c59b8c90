import type { Graph, NodeOf } from '../graph.ts';
import { GraphIndex } from './graph-index.ts';
import { replaceNodes } from './rewrite.ts';

/**
 * x · ½ (1 + erf(x / √2)) is one operator where no gradient reads its parts, as in evaluation and below the lowest
 * trained layer: one pass instead of five. In a full step gradients read the parts, and it is worth nothing there
 * (reports/benchmarks/passes.md).
 */
export function fuseGelu(graph: Graph): Graph {
  const index = new GraphIndex(graph);
  return replaceNodes(graph, (node, draft) => {
    if (node.kernel !== 'Multiply' || !isGelu(node, index)) return false;
    draft.emitAs(node.outputs, 'Gelu', [node.inputs[0]!], {});
    return true;
  });
}

function isGelu({ inputs }: NodeOf<'Multiply'>, index: GraphIndex): boolean {
  const [x, cumulative] = inputs;
  const half = index.producer(cumulative, 'Multiply');
  const shifted = index.producer(half?.inputs[0], 'Add');
  const erf = index.producer(shifted?.inputs[0], 'Erf');
  const scaled = index.producer(erf?.inputs[0], 'Multiply');
  const numbers = [half?.inputs[1], shifted?.inputs[1], scaled?.inputs[1]].map((value) => index.number(value));
  return (
    scaled?.inputs[0] === x &&
    index.numReaders(cumulative!) === 1 &&
    [0.5, 1, Math.fround(Math.SQRT1_2)].every((number, place) => number === numbers[place])
  );
}
