import { expect, test } from 'vitest';
import type { CellResult, PeerResult } from './cell.ts';
import { productKey } from './products.ts';
import { type Measured, simpleProduct } from './run-cells.ts';
import { shapes } from './shapes.ts';
import { markdownTable } from './table.ts';

const cell = { engine: 'onnx', shape: shapes[0]!, method: 'lora', head: 'cloze', threads: 2, steps: 20 } as const;
const summary = (median: number) => ({ median, min: median / 2, max: 2 * median, count: 20 });
const result: CellResult = {
  ...{
    stepMs: summary(8),
    processorMs: 15,
    traceMs: 12.4,
    compileMs: 60,
    peakMemoryBytes: 3e8,
    flops: 4e8,
    products: [],
  },
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
    'CPU ms': '15.0',
    steps: '20',
    'GFLOP/s': '50.0',
    'share of peak': '76 %',
    'peak MB': '300',
    'trace ms': '12',
    'compile ms': '60',
  });
});

test('a peer has a row for each kind of its steps; a ratio is ours per its', () => {
  const timing = (variant: string, ms: number) => {
    return { variant, stepMs: summary(ms), processorMs: 2 * ms, disagreement: 2e-6 };
  };
  const peer: PeerResult = {
    fastest: {
      library: timing('gathered compile', 12),
      own: timing('own eager', 10),
      bf16: timing('bf16 compile', 6),
    },
    ...{ optimizer: 'fused', waitPolicy: 'passive', peakMemoryBytes: 5e8 },
    variants: { 'gathered compile': summary(11), 'stock eager': summary(20), 'stock compile': 'no compiler' },
    ...{ idleShare: { ours: 0.01, peer: 0.02 }, versions: {} },
  };
  const lines = rowsOf({ rows: [{ cell, result: { ...result, peer }, shareOfPeak: 0.5 }], rates });
  const [titles, , library, own, bf16] = lines.slice(4);
  expect(Object.fromEntries(titles!.map((title, index) => [title, library![index]]))).toEqual({
    head: 'cloze',
    method: 'lora',
    PyTorch: 'transformers + PEFT',
    'ms / step': '12.0 (6.00–24.0)',
    'CPU ms': '24.0',
    'steps/s ×': '1.50',
    'of fastest ×': '1.50',
    'CPU ×': '1.60',
    setting: 'gathered compile, fused, passive waiting',
    'differs by': '2e-6',
    MB: '500',
    'other settings, ms': 'stock eager 20.0, stock compile does not work',
    'idle CPU': '1 %, 2 %',
  });
  expect([own![2], own![5], bf16![2], bf16![5]]).toEqual(['by hand', '1.25', 'by hand, bf16', '0.75']);
});

test('a failed cell says why', () => {
  const text = markdownTable({ rows: [{ cell, failure: 'w differs by 2.0e-1' }], rates });
  expect(text).toContain('| failed: w differs by 2.0e-1 |');
  expect(text).toContain('1024 × 1024 × 1024 in ONNX Runtime: 134 GFLOP/s.');
});
