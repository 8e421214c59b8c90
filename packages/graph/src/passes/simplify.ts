import { sizeOf } from '@attune/base';
import type { Graph, GraphNode } from '../graph.ts';
import { sameShape, type ValueId } from '../values.ts';
import { GraphIndex } from './graph-index.ts';
import { replaceNodes } from './rewrite.ts';

/**
 * Algebra that costs nothing: x · 1, x / 1, x + 0 and x - 0 are x; reshapes of reshapes and transposes of transposes
 * are one or none; an operand that repeats one number is that number. What TensorFlow.js's gradients start from,
 * ones in the shape of a loss, goes away by it. Worth 1 to 2 % of a full step (reports/benchmarks/passes.md).
 */
export function simplify(graph: Graph): Graph {
  return mergeMoves(removeNeutral(scalarOperands(graph)));
}

const elementwise = ['Add', 'Sub', 'Multiply', 'RealDiv'] as const;
type Elementwise = GraphNode & { readonly kernel: (typeof elementwise)[number] };

function isElementwise(node: GraphNode): node is Elementwise {
  return (elementwise as readonly string[]).includes(node.kernel);
}

/** A Fill beside an operand that has the result's shape already is read as a scalar. */
function scalarOperands(graph: Graph): Graph {
  const index = new GraphIndex(graph);
  return replaceNodes(graph, (node, draft) => {
    if (!isElementwise(node)) return false;
    const shape = index.shape(node.outputs[0]!);
    const at = node.inputs.findIndex(
      (value, place) =>
        index.producer(value, 'Fill')?.attributes.dtype === 'float32' &&
        index.shape(value).length > 0 &&
        sameShape(index.shape(node.inputs[1 - place]!), shape),
    );
    const fill = index.producer(node.inputs[at], 'Fill');
    if (fill === undefined) return false;
    draft.keep({ ...node, inputs: node.inputs.with(at, draft.number(fill.attributes.value)) });
    return true;
  });
}

function removeNeutral(graph: Graph): Graph {
  const index = new GraphIndex(graph);
  return replaceNodes(graph, (node, draft) => {
    const kept = isElementwise(node) ? neutral(node, index) : undefined;
    if (kept === undefined || !index.sameType(kept, node.outputs[0]!)) return false;
    draft.forward(node.outputs[0]!, kept);
    return true;
  });
}

/** The operand that the result equals. */
function neutral({ kernel, inputs }: Elementwise, index: GraphIndex): ValueId | undefined {
  const [left, right] = inputs.map((value) => index.number(value));
  switch (kernel) {
    case 'Multiply':
      return right === 1 ? inputs[0] : left === 1 ? inputs[1] : undefined;
    case 'RealDiv':
      return right === 1 ? inputs[0] : undefined;
    case 'Add':
      return right === 0 ? inputs[0] : left === 0 ? inputs[1] : undefined;
    case 'Sub':
      return right === 0 ? inputs[0] : undefined;
  }
}

function mergeMoves(graph: Graph): Graph {
  const index = new GraphIndex(graph);
  return replaceNodes(graph, (node, draft) => {
    const move = mergedMove(node, index);
    if (move === undefined) return false;
    if (isIdentity(move, index)) draft.forward(node.outputs[0]!, move.inputs[0]!);
    else draft.keep(move);
    return true;
  });
}

/** This move and those of its kind before it as one. */
function mergedMove(node: GraphNode, index: GraphIndex): GraphNode | undefined {
  if (node.kernel !== 'Reshape' && node.kernel !== 'Transpose') return undefined;
  let merged: GraphNode | undefined;
  for (let last: GraphNode = node; ; last = merged) {
    const before = index.producer(last.inputs[0], node.kernel) as typeof node | undefined;
    if (before === undefined) return merged;
    merged = { ...last, inputs: before.inputs } as typeof node;
    if (merged.kernel === 'Transpose' && before.kernel === 'Transpose') {
      merged = { ...merged, attributes: { perm: merged.attributes.perm.map((axis) => before.attributes.perm[axis]!) } };
    }
  }
}

function isIdentity(node: GraphNode, index: GraphIndex): boolean {
  if (node.kernel === 'Transpose') return node.attributes.perm.every((axis, place) => axis === place);
  return sameShape(index.shape(node.inputs[0]!), index.shape(node.outputs[0]!));
}

/**
 * The sum of two sums by segment is one over the rows of both: a table that is read twice, as word embeddings are by
 * the embedding layer and by a tied decoder, has one gradient of rows instead of two tables and their sum. Worth 2 % of
 * a full cloze step at 6×384 (reports/benchmarks/passes.md), and a table's memory.
 */
export function mergeSegmentSums(graph: Graph): Graph {
  const index = new GraphIndex(graph);
  return replaceNodes(graph, (node, draft) => {
    const { shape } = graph.values[node.outputs[0]!]!;
    const sums = node.kernel === 'Add' && shape.length === 2 ? node.inputs : [];
    const parts = sums.flatMap((value) => index.producer(value, 'UnsortedSegmentSum') ?? []);
    if (parts.length !== 2 || parts.some(({ outputs }) => index.numReaders(outputs[0]!) > 1)) return false;
    const counts = parts.map(({ inputs }) => sizeOf(index.shape(inputs[1]!)));
    const rows = parts.map(({ inputs }, side) =>
      draft.emit('Reshape', [inputs[0]!], { shape: [counts[side]!, shape[1]!] }),
    );
    const ids = parts.map(({ inputs }, side) => draft.emit('Reshape', [inputs[1]!], { shape: [counts[side]!] }));
    const [allRows] = draft.emit('Concat', rows.flat(), { axis: 0 });
    const [allIds] = draft.emit('Concat', ids.flat(), { axis: 0 });
    draft.emitAs(node.outputs, 'UnsortedSegmentSum', [allRows!, allIds!], parts[0]!.attributes);
    return true;
  });
}
