import { expect, test } from 'vitest';
import { onnxDevices } from './contract.ts';
import { createOnnxEngine } from './onnx/create-onnx-engine.ts';
import { availableEngines, selectEngine } from './select-engine.ts';

const reports = await availableEngines();

test('onnx is chosen where TensorFlow sees no GPU', async () => {
  const expected = reports.find(({ device }) => device === 'gpu') ? 'tensorflow-gpu' : 'onnx';
  expect((await selectEngine()).name).toBe(expected);
});

test('a named engine is taken', async () => {
  const engine = await selectEngine({ name: 'wasm' });
  expect([engine.name, engine.device]).toEqual(['wasm', 'cpu']);
});

test('a device alone asks for the onnx engine', async () => {
  const engine = await selectEngine({ device: 'cpu' });
  expect([engine.name, engine.device]).toEqual(['onnx', 'cpu']);
});

test('an unknown engine is refused with the known ones', async () => {
  await expect(selectEngine({ name: 'webgl' })).rejects.toThrow(
    'unknown engine "webgl". Known: tensorflow-gpu, onnx, tensorflow, wasm',
  );
});

test('options that cannot be met are refused', async () => {
  await expect(createOnnxEngine({ device: 'gpu' })).rejects.toThrow(
    'engine onnx: unknown device "gpu". Known: cpu, webgpu, cuda',
  );
  await expect(selectEngine({ name: 'wasm', device: 'cuda' })).rejects.toThrow(
    'engine wasm: computes on cpu, not on "cuda"; engine onnx has the devices cpu, webgpu, cuda',
  );
  await expect(selectEngine({ threads: 0 })).rejects.toThrow(
    'engine onnx: threads: expected a positive integer, got 0',
  );
});

test('every engine is reported, with a version or a reason and its fix', () => {
  expect(reports.map(({ name }) => name)).toEqual(['tensorflow-gpu', 'onnx', 'tensorflow', 'wasm']);
  expect(reports[1]).toMatchObject({ available: true, version: '1.30.0', device: 'cpu' });
  expect(reports[3]).toEqual({ name: 'wasm', available: true, version: '4.22.0', device: 'cpu' });
  const words = expect.stringMatching(/./);
  expect(reports).toEqual(
    reports.map(({ name, available }) =>
      expect.objectContaining(
        available ? { name, version: words, device: words } : { name, reason: words, fix: words },
      ),
    ),
  );
});

test('every device of onnx that is said to be available is used', async () => {
  const devices = reports[1]!.devices!;
  expect(devices.map(({ name }) => name)).toEqual(onnxDevices);
  const available = devices.filter((device) => device.available).map(({ name }) => name);
  expect(available).toContain('cpu');
  const used = await Promise.all(available.map(async (device) => (await createOnnxEngine({ device })).device));
  expect(used).toEqual(available);
});
