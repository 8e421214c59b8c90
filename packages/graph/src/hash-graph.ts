import { createHash } from 'node:crypto';
import type { Graph } from './graph.ts';
import { printGraph } from './print-graph.ts';

/** sha256 in hex of everything the graph says: names, shapes, attributes and the content of constants. */
export function hashGraph(graph: Graph): string {
  return createHash('sha256').update(printGraph(graph)).digest('hex');
}
