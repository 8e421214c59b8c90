import type { Graph } from '../graph.ts';
import { sizeOf } from '../graph.ts';
import { GraphIndex } from './graph-index.ts';
import { replaceNodes } from './rewrite.ts';

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
