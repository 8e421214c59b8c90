import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Graph } from './graph.ts';
import { printGraph } from './print-graph.ts';

/** Graphs never change, and the hash of a large one takes longer than finding its session. */
const hashes = new WeakMap<Graph, string>();

/** sha256 in hex of everything the graph says: names, shapes, attributes and the content of constants. */
export function hashGraph(graph: Graph): string {
  const hash = hashes.get(graph) ?? bytesToHex(sha256(utf8ToBytes(printGraph(graph))));
  hashes.set(graph, hash);
  return hash;
}
