import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';

vi.mock('./installed-version.ts', () => ({ installedVersion: () => undefined }));
vi.mock('onnxruntime-node', () => {
  throw new Error("Cannot find package 'onnxruntime-node'");
});

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly optionalDependencies: Readonly<Record<string, string>>;
};

test('where npm left onnxruntime-node out, the command that installs it without its download is told', async () => {
  const { availableEngines, compiledEngineNote, selectEngine } = await import('./index.ts');
  const version = manifest.optionalDependencies['onnxruntime-node'];
  expect(version).toMatch(/^\d/);
  expect((await availableEngines()).find(({ name }) => name === 'onnx')).toEqual({
    ...{ name: 'onnx', available: false, reason: 'the optional package onnxruntime-node is not installed' },
    fix: `ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@${version}`,
  });
  expect(compiledEngineNote()).toMatch(
    /^the optional package onnxruntime-node is not installed, so .*onnxruntime-node@/,
  );
  expect((await selectEngine()).name).toBe('wasm');
  await expect(selectEngine({ name: 'onnx' })).rejects.toThrow(
    'engine onnx: the optional package onnxruntime-node is not installed; ONNXRUNTIME_NODE_INSTALL=skip npm install',
  );
});
