import type { Graph, GraphNode, NodeOf } from '../graph.ts';
import type { ValueId } from '../values.ts';
import { GraphIndex } from './graph-index.ts';
import { replaceNodes } from './rewrite.ts';

interface Normalization {
  readonly x: ValueId;
  readonly epsilon: number;
  /** Where (x - mean) · scale is computed, and scale. */
  readonly product: GraphNode;
  readonly scale: GraphNode;
}

/**
 * (x - mean(x)) · 1/√(mean((x - mean)²) + ε) over the last axis is ONNX's LayerNormalization, one pass for seven; its
 * product with gamma plus beta is the same operator with a scale and a bias. Both are kept when a gradient reads the
 * normalised values: two passes are less than the three of one operator and two element-wise ones. Worth 1 % of a full
 * step at 6×384 (reports/benchmarks/passes.md).
 */
export function fuseNormalization(graph: Graph): Graph {
  return fuseLayerNorm(fuseNormalize(graph));
}

function fuseNormalize(graph: Graph): Graph {
  const index = new GraphIndex(graph);
  const found = graph.nodes.flatMap((node) => (node.kernel === 'Multiply' ? (normalization(node, index) ?? []) : []));
  const byScale = new Map(found.map((match) => [match.scale, match]));
  const products = new Set(found.map(({ product }) => product));
  return replaceNodes(graph, (node, draft) => {
    const match = byScale.get(node);
    // The scale comes first; the product, computed with it, is left out where it was.
    if (match === undefined) return products.has(node);
    const outputs = [match.product.outputs[0]!, match.scale.outputs[0]!];
    draft.emitAs(outputs, 'Normalize', [match.x], { epsilon: match.epsilon });
    return true;
  });
}

function normalization(product: NodeOf<'Multiply'>, index: GraphIndex): Normalization | undefined {
  const centered = index.producer(product.inputs[0], 'Sub');
  const scale = index.producer(product.inputs[1], 'Rsqrt');
  const shifted = index.producer(scale?.inputs[0], 'Add');
  const epsilon = index.number(shifted?.inputs[1]);
  const variance = index.producer(shifted?.inputs[0], 'Mean');
  const square = index.producer(variance?.inputs[0], 'Square');
  const mean = index.producer(centered?.inputs[1], 'Mean');
  const x = centered?.inputs[0];
  if (x === undefined || epsilon === undefined || scale === undefined) return undefined;
  const fits = mean?.inputs[0] === x && square?.inputs[0] === centered?.outputs[0];
  const axis = index.shape(x).length - 1;
  const overLast = [mean, variance].every(
    (node) => node?.attributes.axes.length === 1 && node.attributes.axes[0] === axis && node.attributes.keepDims,
  );
  return fits && overLast && (index.shape(x)[axis] ?? 0) > 0
    ? { x, epsilon, product: product as unknown as GraphNode, scale: scale as unknown as GraphNode }
    : undefined;
}

function fuseLayerNorm(graph: Graph): Graph {
  const index = new GraphIndex(graph);
  return replaceNodes(graph, (node, draft) => {
    if (node.kernel !== 'Add') return false;
    const scaled = index.producer(node.inputs[0], 'Multiply');
    const normalized = index.producer(scaled?.inputs[0], 'Normalize');
    const [gamma, beta] = [scaled?.inputs[1], node.inputs[1]!];
    if (scaled === undefined || normalized === undefined || gamma === undefined) return false;
    if (scaled.inputs[0] !== normalized.outputs[0]) return false;
    const size = index.shape(node.outputs[0]!).at(-1);
    const isVector = (value: ValueId): boolean => index.shape(value).length === 1 && index.shape(value)[0] === size;
    if (!isVector(gamma) || !isVector(beta) || index.numReaders(scaled.outputs[0]!) > 1) return false;
    draft.emitAs(node.outputs, 'LayerNorm', [normalized.inputs[0]!, gamma, beta], normalized.attributes);
    return true;
  });
}

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
