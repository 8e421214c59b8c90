import type { InferenceSession } from 'onnxruntime-node';
import { expect, test, vi } from 'vitest';
import { createOnnxEngine } from './create-onnx-engine.ts';
import { reportDevices } from './devices.ts';

/** A build of ONNX Runtime for CPUs and CUDA, on a machine whose CUDA does not start. */
vi.mock('onnxruntime-node', async (importOriginal) => {
  const original = await importOriginal<typeof import('onnxruntime-node')>();
  const create = (model: Uint8Array, options: InferenceSession.SessionOptions = {}) => {
    if (options.executionProviders?.[0] !== 'cuda') return original.InferenceSession.create(model, options);
    return Promise.reject(new Error('libcudnn.so.9: cannot open shared object file'));
  };
  return {
    ...original,
    listSupportedBackends: () => ['cpu', 'cuda'].map((name) => ({ name, bundled: true })),
    InferenceSession: { create },
  };
});

const platform = `${process.platform}-${process.arch}`;
const cudaFix =
  'NVIDIA driver, CUDA 12 and cuDNN 9, then ' +
  'ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js';

test('a device is reported as it is, or with the reason why not and what would fix that', async () => {
  expect(await reportDevices()).toEqual([
    { name: 'cpu', available: true },
    {
      ...{ name: 'webgpu', available: false, fix: 'choose another device' },
      reason: `onnxruntime-node 1.30.0 has no webgpu in its build for ${platform}`,
    },
    { name: 'cuda', available: false, reason: 'libcudnn.so.9: cannot open shared object file', fix: cudaFix },
  ]);
});

test('a device that is not available is refused, and never replaced in silence', async () => {
  await expect(createOnnxEngine({ device: 'webgpu' })).rejects.toThrow(
    `engine onnx: device "webgpu" is not available: onnxruntime-node 1.30.0 has no webgpu in its build for ${platform}; to have it: choose another device`,
  );
  await expect(createOnnxEngine({ device: 'cuda' })).rejects.toThrow(
    `engine onnx: device "cuda" is not available: libcudnn.so.9: cannot open shared object file; to have it: ${cudaFix}`,
  );
});
