import { ModelBuilder } from '@attune/engine';
import * as ort from 'onnxruntime-node';
import type { Product } from './cell.ts';
import { productFlops } from './products.ts';

type Sizes = Omit<Product, 'count'>;

/** One way of asking ONNX Runtime for a product. */
interface Way {
  readonly op: 'MatMul' | 'Gemm' | 'FusedMatMul';
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** The right-hand side as a constant, which the session packs once for its kernel. */
  readonly constant: boolean;
  /** [n, k] × [k, m] instead, the transposed result. */
  readonly swapped: boolean;
}

/** A timed run lasts at least this long; the best of so many counts. */
const runMs = 15;
const runs = 5;
const maxRepeats = 256;

/**
 * The best rate, in FLOP per second, at which ONNX Runtime computes a product by any of its operators, operand layouts
 * and packings, on so many threads. Its operands stay where the last run left them, as a peak's may.
 */
export async function bestRate(sizes: Sizes, threads: number): Promise<number> {
  let best = 0;
  for (const way of waysOf(sizes)) best = Math.max(best, await rateOf(sizes, way, threads));
  return best;
}

function waysOf({ batch }: Sizes): Way[] {
  const layouts = [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({ transposeA, transposeB, constant: false, swapped: false })),
  );
  const plain = layouts[0]!;
  const batched: Way[] = [
    { op: 'MatMul', ...plain },
    { op: 'MatMul', ...plain, swapped: true },
    ...layouts.slice(1).map((layout): Way => ({ op: 'FusedMatMul', ...layout })),
  ];
  if (batch > 1) return batched;
  return [
    ...batched,
    { op: 'MatMul', ...plain, constant: true },
    { op: 'MatMul', ...plain, constant: true, swapped: true },
    ...layouts.map((layout): Way => ({ op: 'Gemm', ...layout })),
  ];
}

async function rateOf(sizes: Sizes, way: Way, threads: number): Promise<number> {
  const single = await timeModel(sizes, way, { threads, repeats: 1 });
  // Many products in one run, so that the cost of calling the runtime does not count.
  const repeats = Math.min(maxRepeats, Math.ceil(runMs / single));
  const millis = repeats === 1 ? single : (await timeModel(sizes, way, { threads, repeats })) / repeats;
  return (1000 * productFlops(sizes)) / millis;
}

/** Milliseconds of the fastest run of a model that computes the product `repeats` times. */
async function timeModel(
  sizes: Sizes,
  way: Way,
  { threads, repeats }: { readonly threads: number; readonly repeats: number },
): Promise<number> {
  const { model, feeds } = productModel(sizes, way, repeats);
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Optimisations would compute equal products once.
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  try {
    await session.run(feeds);
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      await session.run(feeds);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  } finally {
    await session.release();
  }
}

function productModel({ batch, m, k, n }: Sizes, way: Way, repeats: number) {
  const [rows, columns] = way.swapped ? [n, m] : [m, n];
  const leading = batch > 1 ? [batch] : [];
  const shapeA = [...leading, ...(way.transposeA ? [k, rows] : [rows, k])];
  const shapeB = [...leading, ...(way.transposeB ? [columns, k] : [k, columns])];
  const builder = new ModelBuilder();
  builder.input('a', { dtype: 'float32', shape: shapeA });
  if (way.constant) builder.tensor({ type: 'float32', shape: shapeB, data: values(shapeB) }, 'b');
  else builder.input('b', { dtype: 'float32', shape: shapeB });
  const domain = way.op === 'FusedMatMul' ? ({ domain: 'com.microsoft' } as const) : {};
  for (let repeat = 0; repeat < repeats; repeat++) {
    builder.node(way.op, ['a', 'b'], { outputs: [`y${repeat}`], attributes: attributesOf(way), ...domain });
  }
  builder.output(`y${repeats - 1}`, { dtype: 'float32', shape: [...leading, rows, columns] });
  const feed = (shape: readonly number[]) => new ort.Tensor('float32', values(shape), [...shape]);
  return { model: builder.encode('product'), feeds: { a: feed(shapeA), ...(way.constant ? {} : { b: feed(shapeB) }) } };
}

function attributesOf({ op, transposeA, transposeB }: Way): Record<string, boolean> {
  if (op === 'MatMul') return {};
  return { transA: transposeA, transB: transposeB };
}

/** Any ordinary numbers; zeros or denormals could be faster or slower. */
function values(shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  return Float32Array.from({ length: size }, (_, index) => ((index * 7919) % 1009) / 1009 - 0.5);
}
