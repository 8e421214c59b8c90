import { expect, test } from 'vitest';
import { planCells } from './plan-cells.ts';

const run = { threads: 2, steps: 20 };
const cellsOf = (choice: Partial<Parameters<typeof planCells>[0]>) => planCells({ ...run, ...choice });

test('measures everything on the compiled engine, the eager one on the smallest shape', () => {
  const cells = cellsOf({});
  expect(cells.length).toBe(4 * 2 * 4 + 2 * 4);
  expect(new Set(cells.filter(({ engine }) => engine === 'wasm').map(({ shape }) => shape.name))).toEqual(
    new Set(['2x128']),
  );
});

test('an engine asked for by name runs all shapes asked for', () => {
  expect(cellsOf({ engines: ['wasm'], shapes: ['4x256'], methods: ['full'], heads: ['cloze'] })).toMatchObject([
    { engine: 'wasm', steps: 5, threads: 1 },
  ]);
});

test('the eager engine is not compared with the peer', () => {
  const cells = cellsOf({ peer: 'python3', shapes: ['2x128'], methods: ['lora'], heads: ['cloze'] });
  expect(cells.map(({ engine, peer }) => [engine, peer])).toEqual([
    ['onnx', { python: 'python3' }],
    ['wasm', undefined],
  ]);
});

test('other families than BERT are measured when asked for, without the peer', () => {
  const cells = cellsOf({ peer: 'python3', shapes: ['gpt2'], methods: ['full'], heads: ['classification'] });
  expect(cells.map(({ engine, shape, peer }) => [engine, shape.name, peer])).toEqual([['onnx', 'gpt2', undefined]]);
});

test('says what there is to choose from', () => {
  expect(() => cellsOf({ shapes: ['3x9'] })).toThrow(
    '--shapes: expected some of 2x128, 4x256, 6x384, 12x768, bert-base-uncased, gpt2, llama-135m, got 3x9',
  );
});
