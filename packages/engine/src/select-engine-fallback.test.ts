import { beforeEach, expect, test, vi } from 'vitest';
import type { Engine, EngineName } from './contract.ts';
import { availableEngines, selectEngine } from './select-engine.ts';

/** What loads here, as each test says. */
const here = vi.hoisted(() => ({ gpu: false, loads: [] as readonly string[] }));

const missing = 'libonnxruntime.so.1: cannot open shared object file';

vi.mock('./onnx/create-onnx-engine.ts', () => ({ createOnnxEngine: () => made('onnx') }));
vi.mock('./onnx/devices.ts', () => ({ reportDevices: () => Promise.reject(new Error(`${missing}\n  at dlopen`)) }));
vi.mock('./eager/wasm-engine.ts', () => ({ createWasmEngine: () => made('wasm') }));
vi.mock('./eager/tensorflow-engine.ts', () => ({
  createTensorflowEngine: (name: EngineName) => made(name),
  reportTensorflow: async (name: EngineName) => ({
    ...{ name, available: here.loads.includes(name), version: '4.22.0' },
    device: name === 'tensorflow-gpu' && here.gpu ? 'gpu' : 'cpu',
  }),
}));

async function made(name: EngineName): Promise<Pick<Engine, 'name' | 'device'>> {
  if (!here.loads.includes(name)) throw new Error(name === 'onnx' ? missing : `${name} does not load`);
  return { name, device: name === 'tensorflow-gpu' ? 'gpu' : 'cpu' };
}

beforeEach(() => Object.assign(here, { gpu: false, loads: [] }));

test.each<{ gpu?: boolean; loads: EngineName[]; chosen: EngineName }>([
  { gpu: true, loads: ['tensorflow-gpu', 'onnx', 'tensorflow', 'wasm'], chosen: 'tensorflow-gpu' },
  { gpu: false, loads: ['tensorflow-gpu', 'onnx', 'tensorflow', 'wasm'], chosen: 'onnx' },
  { loads: ['onnx', 'wasm'], chosen: 'onnx' },
  { loads: ['tensorflow', 'wasm'], chosen: 'tensorflow' },
  { loads: ['wasm'], chosen: 'wasm' },
])('of $loads, GPU $gpu: $chosen is chosen', async ({ chosen, ...given }) => {
  Object.assign(here, given);
  expect((await selectEngine()).name).toBe(chosen);
});

test('where nothing loads, the last that was tried says why', async () => {
  await expect(selectEngine()).rejects.toThrow('wasm does not load');
});

test('an engine or a device that was asked for is not replaced by another', async () => {
  here.loads = ['tensorflow', 'wasm'];
  await expect(selectEngine({ name: 'onnx' })).rejects.toThrow(missing);
  await expect(selectEngine({ device: 'cpu' })).rejects.toThrow(missing);
});

test('an engine that does not load is reported with the first line of its reason, and a fix', async () => {
  const reports = await availableEngines();
  expect(reports.filter(({ name }) => name === 'onnx' || name === 'wasm')).toEqual([
    {
      name: 'onnx',
      available: false,
      reason: missing,
      fix: 'ONNXRUNTIME_NODE_INSTALL=skip npm rebuild onnxruntime-node',
    },
    { name: 'wasm', available: false, reason: 'wasm does not load', fix: 'npm install @tensorflow/tfjs-backend-wasm' },
  ]);
});
