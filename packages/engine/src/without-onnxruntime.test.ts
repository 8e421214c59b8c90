import { expect, test, vi } from 'vitest';

vi.mock('onnxruntime-node', () => {
  throw new Error('libonnxruntime.so.1: cannot open shared object file');
});

test('where onnxruntime-node does not load, the package and its other engines do', async () => {
  const { availableEngines, createWasmEngine, selectEngine } = await import('./index.ts');
  expect((await createWasmEngine()).name).toBe('wasm');
  expect((await availableEngines()).find(({ name }) => name === 'onnx')).toMatchObject({
    available: false,
    fix: 'ONNXRUNTIME_NODE_INSTALL=skip npm rebuild onnxruntime-node',
  });
  expect((await selectEngine()).name).not.toBe('onnx');
  await expect(selectEngine({ name: 'onnx' })).rejects.toThrow();
});
