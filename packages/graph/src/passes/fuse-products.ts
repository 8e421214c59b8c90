import type { Graph, GraphNode, NodeOf } from '../graph.ts';
import { sameShape } from '../values.ts';
import { GraphIndex } from './graph-index.ts';
import { replaceNodes } from './rewrite.ts';

type Product = NodeOf<'BatchMatMul' | 'ScaledMatMul'>;

/**
 * Work that a matrix product does on the way: a number that multiplies an operand or the result is its alpha, and what
 * is added to a product of matrices (a bias, another gradient) is where its sums start from. Worth 1 % of a full step at
 * 6×384 (reports/benchmarks/passes.md).
 */
export function fuseProducts(graph: Graph): Graph {
  return fuseSums(scaleResults(scaleOperands(graph)));
}

/** (a · number) b = number · (a b), and the same on the right. */
function scaleOperands(graph: Graph): Graph {
  const index = new GraphIndex(graph);
  return replaceNodes(graph, (node, draft) => {
    if (node.kernel !== 'BatchMatMul' && node.kernel !== 'ScaledMatMul') return false;
    const factors = node.inputs.map((value) => factorOf(index.producer(value, 'Multiply'), index));
    if (factors.every((factor) => factor === undefined)) return false;
    const alpha = factors.reduce((product, factor) => product * (factor?.number ?? 1), alphaOf(node as Product));
    const inputs = node.inputs.map((value, side) => factors[side]?.other ?? value);
    draft.emitAs(node.outputs, 'ScaledMatMul', inputs, { ...node.attributes, alpha });
    return true;
  });
}

function scaleResults(graph: Graph): Graph {
  const index = new GraphIndex(graph);
  return replaceNodes(graph, (node, draft) => {
    const factor = node.kernel === 'Multiply' ? factorOf(node, index) : undefined;
    const product = index.producer(factor?.other, 'BatchMatMul', 'ScaledMatMul');
    if (factor === undefined || product === undefined || index.numReaders(factor.other) > 1) return false;
    const alpha = alphaOf(product) * factor.number;
    draft.emitAs(node.outputs, 'ScaledMatMul', product.inputs, { ...product.attributes, alpha });
    return true;
  });
}

/** A finite number that multiplies a tensor of the result's shape. */
function factorOf(node: Pick<GraphNode, 'inputs' | 'outputs'> | undefined, index: GraphIndex) {
  const split = node === undefined ? undefined : index.split(node.inputs);
  if (split === undefined || !Number.isFinite(split.number) || split.number === 0) return undefined;
  return index.sameType(split.other, node!.outputs[0]!) ? split : undefined;
}

function alphaOf({ attributes }: Product): number {
  return 'alpha' in attributes ? attributes.alpha : 1;
}

function fuseSums(graph: Graph): Graph {
  const index = new GraphIndex(graph);
  return replaceNodes(graph, (node, draft) => {
    if (node.kernel !== 'Add') return false;
    const shape = index.shape(node.outputs[0]!);
    const side = node.inputs.findIndex(
      (value) =>
        index.producer(value, 'BatchMatMul', 'ScaledMatMul') !== undefined &&
        index.numReaders(value) === 1 &&
        shape.length === 2 &&
        sameShape(index.shape(value), shape),
    );
    const product = index.producer(node.inputs[side], 'BatchMatMul', 'ScaledMatMul');
    const added = node.inputs[1 - side];
    if (product === undefined || added === undefined || !isMatrixProduct(product, index)) return false;
    draft.emitAs(node.outputs, 'Gemm', [...product.inputs, added], { ...product.attributes, alpha: alphaOf(product) });
    return true;
  });
}

/** Two matrices, neither empty: Gemm has no leading axes. */
function isMatrixProduct({ inputs }: Product, index: GraphIndex): boolean {
  return inputs.every((value) => index.shape(value).length === 2 && index.shape(value).every((size) => size > 0));
}
