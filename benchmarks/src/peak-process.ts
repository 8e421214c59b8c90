import type { Product } from './cell.ts';
import { answerParent } from './child-process.ts';
import { bestRate } from './matmul-peak.ts';
import { productKey } from './products.ts';

export interface PeakInput {
  readonly products: readonly Omit<Product, 'count'>[];
  readonly threads: number;
}

/** FLOP per second by `productKey`. */
export type Rates = Readonly<Record<string, number>>;

/** The entry of the process that measures the best rate of each product. */
answerParent(async ({ products, threads }: PeakInput): Promise<Rates> => {
  const rates: Record<string, number> = {};
  for (const product of products) rates[productKey(product)] = await bestRate(product, threads);
  return rates;
});
