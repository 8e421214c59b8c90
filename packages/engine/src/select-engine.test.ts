import { expect, test } from 'vitest';
import { availableEngines, createOnnxEngine, selectEngine } from './index.ts';

test('onnx is chosen where TensorFlow sees no GPU', async () => {
  const reports = await availableEngines();
  const expected = reports.find(({ device }) => device === 'gpu') ? 'tensorflow-gpu' : 'onnx';
  expect((await selectEngine()).name).toBe(expected);
});

test('a named engine is taken', async () => {
  const engine = await selectEngine({ name: 'wasm' });
  expect([engine.name, engine.device]).toEqual(['wasm', 'cpu']);
});

test('an unknown engine is refused with the known ones', async () => {
  await expect(selectEngine({ name: 'webgl' })).rejects.toThrow(
    'unknown engine "webgl". Known: tensorflow-gpu, onnx, wasm',
  );
});

test('options that cannot be met are refused', async () => {
  await expect(createOnnxEngine({ device: 'cuda' })).rejects.toThrow(
    'engine onnx: device "cuda" is not supported; known: cpu',
  );
  await expect(selectEngine({ threads: 0 })).rejects.toThrow(
    'engine onnx: threads: expected a positive integer, got 0',
  );
});

test('every engine is reported, with a version or a reason and its fix', async () => {
  const reports = await availableEngines();
  expect(reports.map(({ name }) => name)).toEqual(['tensorflow-gpu', 'onnx', 'wasm']);
  expect(reports.slice(1)).toEqual([
    { name: 'onnx', available: true, version: '1.30.0', device: 'cpu' },
    { name: 'wasm', available: true, version: '4.22.0', device: 'cpu' },
  ]);
  for (const report of reports.filter(({ available }) => !available)) {
    expect(report).toMatchObject({ reason: expect.stringMatching(/./), fix: expect.stringMatching(/./) });
  }
});
