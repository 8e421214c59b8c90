import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Graph, GraphNode } from './graph.ts';
import type { ConstantData, ValueId, ValueInfo } from './values.ts';

/**
 * The whole graph as text, one line per value; two graphs print alike only when they compute the same.
 *
 *     %0 = input "x" float32[2]
 *     %1 = constant float32[] (0.5)
 *     %2 = Multiply %0 %1 : float32[2]
 *     output "y" = %2
 */
export function printGraph(graph: Graph): string {
  const inputs = graph.inputs.map(({ name, value }) => `%${value} = input "${name}" ${infoText(graph.values[value]!)}`);
  const constants = graph.constants.map(
    ({ value, data }) => `%${value} = constant ${constantText(graph.values[value]!, data)}`,
  );
  const nodes = graph.nodes.map((node) => nodeText(graph, node));
  const outputs = graph.outputs.map(({ name, value }) => `output "${name}" = %${value}`);
  return [...inputs, ...constants, ...nodes, ...outputs].join('\n');
}

/** A node's line of the printed graph; "?" for a value that the graph does not have. */
export function nodeText(graph: Graph, { kernel, inputs, attributes, outputs }: GraphNode): string {
  const call = [`${kernel}${attributeText(attributes)}`, ...inputs.map(valueText)].join(' ');
  const infos = outputs.map((value) => {
    const info = graph.values[value];
    return info === undefined ? '?' : infoText(info);
  });
  return `${outputs.map(valueText).join(', ')} = ${call} : ${infos.join(', ')}`;
}

function valueText(value: ValueId): string {
  return `%${value}`;
}

/** Graphs never change, and the hash of a large one takes longer than finding its session. */
const hashes = new WeakMap<Graph, string>();

/** sha256 in hex of everything the graph says: names, shapes, attributes and the content of constants. */
export function hashGraph(graph: Graph): string {
  const hash = hashes.get(graph) ?? bytesToHex(sha256(utf8ToBytes(printGraph(graph))));
  hashes.set(graph, hash);
  return hash;
}

/** Constants up to this many elements are written out; longer ones by their hash. */
const LONGEST_LITERAL = 8;

/** "float32[2, 3]"; a scalar is "float32[]". */
export function infoText({ dtype, shape }: ValueInfo): string {
  return `${dtype}[${shape.join(', ')}]`;
}

/** Every digit of a number that matters: NaN, infinities and negative zero included. */
function numberText(x: number): string {
  return Object.is(x, -0) ? '-0' : String(x);
}

/** "{axes=[0, 1], keepDims=true}", by name; nothing when there are no attributes. */
export function attributeText(attributes: object): string {
  const entries = Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${plainText(value)}`);
  return entries.length === 0 ? '' : `{${entries.join(', ')}}`;
}

function plainText(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(plainText).join(', ')}]`;
  }
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** Type and content of a constant. Different NaNs count as one. */
export function constantText(info: ValueInfo, data: ConstantData): string {
  const content =
    data.length <= LONGEST_LITERAL
      ? `(${Array.from(data, numberText).join(', ')})`
      : `sha256:${bytesToHex(sha256(bytesOf(data)))}`;
  return `${infoText(info)} ${content}`;
}

function bytesOf(data: ConstantData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
