import { expect, test } from 'vitest';
import type { CellResult, PeerResult } from './cell.ts';
import { productKey } from './products.ts';
import { type Measured, simpleProduct } from './run-cells.ts';
import { shapes } from './shapes.ts';
import { markdownTable } from './table.ts';

const cell = { engine: 'onnx', shape: shapes[0]!, method: 'lora', head: 'cloze', threads: 2, steps: 20 } as const;
const summary = (median: number) => ({ median, min: median / 2, max: 2 * median, count: 20 });
const result: CellResult = {
  ...{ stepMs: summary(8), traceMs: 12.4, compileMs: 60, peakMemoryBytes: 3e8, flops: 4e8, products: [] },
};
const rates = { [productKey(simpleProduct)]: 1.34e11 };
const rowsOf = (measured: Measured) =>
  markdownTable(measured)
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .map((text) => text.trim())
        .slice(1, -1),
    );

test('a row has the units its titles say', () => {
  const [titles, , row] = rowsOf({ rows: [{ cell, result, shareOfPeak: 0.756 }], rates });
  expect(Object.fromEntries(titles!.map((title, index) => [title, row![index]]))).toEqual({
    engine: 'onnx',
    shape: '2x128 b16 l32',
    head: 'cloze',
    method: 'lora',
    'ms / step': '8.00 (4.00–16.0)',
    steps: '20',
    'GFLOP/s': '50.0',
    'share of peak': '76 %',
    'peak MB': '300',
    'trace ms': '12',
    'compile ms': '60',
  });
});

test("the peer's columns come with a peer; the ratio is ours per its", () => {
  const peer: PeerResult = {
    ...{
      variant: 'gathered compile',
      optimizer: 'fused',
      waitPolicy: 'passive',
      stepMs: summary(12),
      peakMemoryBytes: 5e8,
    },
    variants: { 'gathered compile': summary(11), 'stock eager': summary(20), 'stock compile': 'no compiler' },
    ...{ disagreement: 2e-6, idleShare: { ours: 0.01, peer: 0.02 }, versions: {} },
  };
  const [titles, , row] = rowsOf({ rows: [{ cell, result: { ...result, peer }, shareOfPeak: 0.5 }], rates });
  expect(Object.fromEntries(titles!.slice(11).map((title, index) => [title, row![11 + index]]))).toEqual({
    'PyTorch ms': '12.0 (6.00–24.0)',
    'its setting': 'gathered compile, fused, passive waiting',
    'steps/s ×': '1.50',
    'of fastest ×': '1.50',
    'its MB': '500',
    'other settings, ms': 'stock eager 20.0, stock compile does not work',
    'differs by': '2e-6',
    'idle CPU': '1 %, 2 %',
  });
});

test('a failed cell says why', () => {
  const text = markdownTable({ rows: [{ cell, failure: 'w differs by 2.0e-1' }], rates });
  expect(text).toContain('| failed: w differs by 2.0e-1 |');
  expect(text).toContain('1024 × 1024 × 1024 in ONNX Runtime: 134 GFLOP/s.');
});
