import type { Graph } from '@attune/graph';
import type { Product } from './cell.ts';

/** The distinct matrix products of a graph; leading axes count as one. */
export function productsOf(graph: Graph): Product[] {
  const counts = new Map<string, Product>();
  for (const node of graph.nodes) {
    if (node.kernel !== 'BatchMatMul') continue;
    const shape = graph.values[node.inputs[0]!]!.shape;
    const output = graph.values[node.outputs[0]!]!.shape;
    const k = shape.at(node.attributes.transposeA ? -2 : -1)!;
    const [m, n] = [output.at(-2)!, output.at(-1)!];
    const batch = output.slice(0, -2).reduce((product, size) => product * size, 1);
    const key = [batch, m, k, n].join();
    counts.set(key, { batch, m, k, n, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** Floating-point operations of one such product. */
export function productFlops({ batch, m, k, n }: Omit<Product, 'count'>): number {
  return 2 * batch * m * k * n;
}

/** Key of a product's rate: its sizes. */
export function productKey({ batch, m, k, n }: Omit<Product, 'count'>): string {
  return `${batch}x[${m},${k}]x[${k},${n}]`;
}

/**
 * How much of a step its products would take, were each at its best rate and nothing else to do: share of the
 * matrix-product peak = (Σ count · flops / best rate) / step time.
 *
 * @param rates  FLOP per second by `productKey`
 */
export function shareOfPeak(products: readonly Product[], rates: ReadonlyMap<string, number>, stepMs: number): number {
  const seconds = products.reduce((sum, product) => {
    const rate = rates.get(productKey(product));
    if (rate === undefined) throw new RangeError(`share of the peak: no rate for ${productKey(product)}`);
    return sum + (product.count * productFlops(product)) / rate;
  }, 0);
  return (1000 * seconds) / stepMs;
}
