import { expect, test, vi } from 'vitest';
import { availableEngines, selectEngine } from './index.ts';

vi.mock('./onnx/create-onnx-engine.ts', () => ({
  createOnnxEngine: () => Promise.reject(new Error('libonnxruntime.so.1: cannot open shared object file')),
}));

test('where onnx does not load, tensorflow is chosen, and wasm where that does not either', async () => {
  const reports = await availableEngines();
  const best = ['tensorflow-gpu', 'tensorflow', 'wasm'].find((name) =>
    reports.some(
      (report) => report.name === name && (name !== 'tensorflow-gpu' || report.device === 'gpu') && report.available,
    ),
  );
  expect((await selectEngine()).name).toBe(best);
});

test('an engine or a device that was asked for is not replaced by another', async () => {
  await expect(selectEngine({ name: 'onnx' })).rejects.toThrow('libonnxruntime.so.1');
  await expect(selectEngine({ device: 'cpu' })).rejects.toThrow('libonnxruntime.so.1');
});
