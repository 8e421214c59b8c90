import { expect, test } from 'vitest';
import { availableEngines, createOnnxEngine, onnxDevices, selectEngine } from './index.ts';

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
  for (const report of reports.filter(({ available }) => !available)) {
    expect(report).toMatchObject({ reason: expect.stringMatching(/./), fix: expect.stringMatching(/./) });
  }
});

test('an optional engine that cannot be used says why, also when it is asked for by name', async () => {
  for (const { name, reason, fix } of reports.filter(({ available }) => !available)) {
    await expect(selectEngine({ name })).rejects.toThrow(`engine ${name}: ${reason}; ${fix}`);
  }
});

/** ONNX Runtime finds out whether a device works only when it is used; it must never compute elsewhere in silence. */
test.each(onnxDevices)('device %s is used, or refused with the reason of ONNX Runtime', async (name) => {
  const { available, reason, fix } = reports[1]!.devices!.find((device) => device.name === name)!;
  const engine = createOnnxEngine({ device: name });
  if (available) {
    expect((await engine).device).toBe(name);
    return;
  }
  expect(reason).toMatch(/./);
  await expect(engine).rejects.toThrow(`engine onnx: device "${name}" is not available: ${reason}; to have it: ${fix}`);
});
