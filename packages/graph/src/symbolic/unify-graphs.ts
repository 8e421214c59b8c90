import { TraceError } from '@attune/base';
import type { Graph, GraphNode } from '../graph.ts';
import { constantText } from '../print-graph.ts';
import {
  type Size,
  type SymbolicGraph,
  type SymbolicNode,
  SymbolicSize,
  type SymbolicValueInfo,
} from './symbolic-graph.ts';

/** One function traced at one point. */
interface TracedSample {
  readonly point: Point;
  readonly graph: Graph;
}

/**
 * The graph that all samples are instances of: the same nodes in the same order, and every number that differs
 * between them follows from the symbols, see `fitSize`.
 *
 * @param samples  ordered as `fitSize` wants them
 * @throws TraceError naming the first node, constant or shape that does not
 */
export function unifyGraphs(samples: readonly TracedSample[], symbols: readonly string[]): SymbolicGraph {
  const unifier = new Unifier(samples, symbols);
  const { inputs, constants, outputs } = samples[0]!.graph;
  const nodes = unifier.nodes();
  unifier.checkConstants();
  return { symbols, inputs, constants, outputs, nodes, values: unifier.values() };
}

class Unifier {
  readonly #samples: readonly TracedSample[];
  readonly #symbols: readonly string[];
  readonly #first: Graph;

  constructor(samples: readonly TracedSample[], symbols: readonly string[]) {
    this.#samples = samples;
    this.#symbols = symbols;
    this.#first = samples[0]!.graph;
  }

  nodes(): SymbolicNode[] {
    const longest = this.#samples.map(({ graph }) => graph.nodes).reduce((a, b) => (b.length > a.length ? b : a));
    return longest.map((_, index) => {
      const nodes = this.#samples.map(({ graph }) => graph.nodes[index]);
      this.#requireSame(`node ${index}`, nodes.map(structureText));
      const where = `node ${index} (${nodes[0]!.kernel})`;
      const attributes = this.#unify(
        where,
        nodes.map((node) => node!.attributes),
      );
      return { ...nodes[0]!, attributes } as SymbolicNode;
    });
  }

  /** @throws TraceError for a constant whose content depends on the sizes */
  checkConstants(): void {
    for (const [index, { value }] of this.#first.constants.entries()) {
      const texts = this.#samples.map(({ graph }) => {
        const constant = graph.constants[index];
        return constant === undefined ? 'missing' : constantText(graph.values[constant.value]!, constant.data);
      });
      this.#requireSame(`constant %${value}, read by ${this.#readerOf(value)},`, texts);
    }
  }

  values(): SymbolicValueInfo[] {
    return this.#first.values.map(({ dtype }, value) => {
      const where = `the shape of %${value}, made by ${this.#makerOf(value)},`;
      const shape = this.#unify(
        where,
        this.#samples.map(({ graph }) => graph.values[value]!.shape),
      );
      return { dtype, shape: shape as readonly Size[] };
    });
  }

  #unify(where: string, values: readonly unknown[]): unknown {
    const [first] = values;
    if (typeof first === 'number') return this.#fit(where, values as readonly number[]);
    if (typeof first !== 'object' || first === null) {
      this.#requireSame(where, values.map(String));
      return first;
    }
    const keys = values.map((value) => Object.keys(value as object).join());
    this.#requireSame(where, keys);
    const at = (key: string) => values.map((value) => (value as Readonly<Record<string, unknown>>)[key]);
    const nested = (key: string) => this.#unify(Array.isArray(first) ? `${where}[${key}]` : `${where} ${key}`, at(key));
    if (Array.isArray(first)) return first.map((_, index) => nested(String(index)));
    return Object.fromEntries(Object.keys(first).map((key) => [key, nested(key)]));
  }

  #fit(where: string, values: readonly number[]): Size {
    const samples = values.map((value, index) => ({ value, point: this.#samples[index]!.point }));
    const size = fitSize(samples, this.#symbols);
    if (size !== undefined) return size;
    const seen = samples.map(({ value, point }) => `${value} with ${pointText(point)}`).join('; ');
    throw new TraceError(
      `symbolic: ${where} is ${seen}; expected a constant plus a multiple of a product of ${this.#symbols.join(', ')}`,
    );
  }

  #requireSame(where: string, texts: readonly string[]): void {
    const other = texts.findIndex((text) => text !== texts[0]);
    if (other < 0) return;
    const [first, second] = [0, other].map((at) => `${texts[at]} with ${pointText(this.#samples[at]!.point)}`);
    throw new TraceError(
      `symbolic: ${where} is ${first}, but ${second}; a graph for every size has the same nodes at each, and takes ` +
        'what depends on a size from its inputs',
    );
  }

  #readerOf(value: number): string {
    return nodeText(
      this.#first.nodes.findIndex(({ inputs }) => inputs.includes(value)),
      this.#first,
    );
  }

  #makerOf(value: number): string {
    return nodeText(
      this.#first.nodes.findIndex(({ outputs }) => outputs.includes(value)),
      this.#first,
    );
  }
}

function nodeText(index: number, { nodes }: Graph): string {
  return index < 0 ? 'no node' : `node ${index} (${nodes[index]!.kernel})`;
}

/** What of a node may not depend on the sizes. */
function structureText(node: GraphNode | undefined): string {
  if (node === undefined) return 'missing';
  const names = (values: readonly number[]) => values.map((value) => `%${value}`).join(' ');
  return `${names(node.outputs)} = ${node.kernel} ${names(node.inputs)}`;
}

function pointText(point: Point): string {
  return [...point].map(([symbol, value]) => `${symbol} ${value}`).join(', ');
}

/** One set of sizes: a value for each symbol. */
export type Point = ReadonlyMap<string, number>;

/** A number as it is at one point. */
interface Sample {
  readonly point: Point;
  readonly value: number;
}

/**
 * The one expression constant + coefficient · product of symbols that gives these values, or undefined when there is
 * none with whole numbers.
 *
 * @param samples  the first, then one for each symbol where that symbol alone differs from the first, then any further
 *   ones: which symbols take part is read off the former, the latter only check the result
 */
export function fitSize(samples: readonly Sample[], symbols: readonly string[]): Size | undefined {
  const base = samples[0]!;
  if (samples.every(({ value }) => Object.is(value, base.value))) return base.value;
  const involved = symbols.filter((_, index) => samples[index + 1]!.value !== base.value);
  const moved = samples[symbols.indexOf(involved[0] ?? '') + 1]!;
  const product = ({ point }: Sample) => involved.reduce((result, symbol) => result * point.get(symbol)!, 1);
  const coefficient = (moved.value - base.value) / (product(moved) - product(base));
  const constant = base.value - coefficient * product(base);
  if (!(Number.isInteger(coefficient) && Number.isInteger(constant))) return undefined;
  const fits = samples.every((sample) => sample.value === constant + coefficient * product(sample));
  return fits ? new SymbolicSize(constant, coefficient, involved) : undefined;
}
