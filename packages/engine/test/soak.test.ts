import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('./soak.ts', import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const flags = ['--expose-gc', '--max-semi-space-size=1', '--conditions=attune-source', '--import', loader];

interface Soaked {
  readonly growth: { readonly resident: number; readonly heap: number };
}

// In a process of its own, whose memory nothing else grows. Growth is a share of about 190 MB and 62 MB.
test('memory does not grow with steps', () => {
  const env = { ...process.env, MALLOC_ARENA_MAX: '1' };
  const output = execFileSync(process.execPath, [...flags, script, '10000', 'onnx'], { encoding: 'utf8', env });
  const { growth } = JSON.parse(output) as Soaked;
  expect(growth.resident).toBeLessThan(0.02);
  // 620 kB: 63 bytes a step would fail.
  expect(growth.heap).toBeLessThan(0.01);
}, 120_000);
