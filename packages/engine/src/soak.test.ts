import { expect, test } from 'vitest';
import { runScript } from '../test/run-script.ts';

interface Soaked {
  readonly growth: { readonly resident: number; readonly heap: number };
}

// Growth is a share of about 190 MB and 62 MB. The process runs beside other tests: what grows with steps grows twice.
test('memory does not grow with steps', { timeout: 120_000, retry: 1 }, () => {
  const flags = ['--expose-gc', '--max-semi-space-size=1'];
  const env = { MALLOC_ARENA_MAX: '1' };
  const { growth } = JSON.parse(runScript('../test/soak.ts', { given: ['10000', 'onnx'], flags, env })) as Soaked;
  expect(growth.resident).toBeLessThan(0.02);
  // 620 kB: 63 bytes a step would fail.
  expect(growth.heap).toBeLessThan(0.01);
});
