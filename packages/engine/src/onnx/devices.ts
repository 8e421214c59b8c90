import { ConfigError } from '@attune/base';
import { trace } from '@attune/graph';
import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-node';
import { type DeviceReport, type OnnxDevice, onnxDevices } from '../contract.ts';
import { runtimesWords } from '../step-failure.ts';
import { lowerToOnnx } from './lower.ts';

// What cannot be used is reported with its reason; ONNX Runtime would say it on stderr as well.
ort.env.logLevel = 'fatal';

const fixes: { readonly [Device in OnnxDevice]: string } = {
  cpu: 'npm rebuild onnxruntime-node',
  webgpu: 'a graphics driver with Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS)',
  cuda:
    'NVIDIA driver, CUDA 12 and cuDNN 9, then ' +
    'ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js',
};

/** Every device of the onnx engine: that it works, or the runtime's reason why not and what would fix that. */
export async function reportDevices(): Promise<DeviceReport[]> {
  const reports: DeviceReport[] = [];
  for (const device of onnxDevices) {
    reports.push(await reportDevice(device));
  }
  return reports;
}

/** @throws ConfigError with the runtime's reason when ONNX Runtime cannot compute there */
export async function checkDevice(device: OnnxDevice): Promise<void> {
  const { available, reason, fix } = await reportDevice(device);
  if (!available) {
    throw new ConfigError(`engine onnx: device "${device}" is not available: ${reason}; to have it: ${fix}`);
  }
}

async function reportDevice(device: OnnxDevice): Promise<DeviceReport> {
  if (!ort.listSupportedBackends().some(({ name }) => name === device)) {
    const platform = `${process.platform}-${process.arch}`;
    const reason = `onnxruntime-node ${ort.env.versions.node} has no ${device} in its build for ${platform}`;
    return { name: device, available: false, reason, fix: 'choose another device' };
  }
  try {
    await multiplyOn(device);
    return { name: device, available: true };
  } catch (error) {
    return { name: device, available: false, reason: runtimesWords((error as Error).message), fix: fixes[device] };
  }
}

/**
 * Runs a model of one node. A device that the library lists may still lack its own library or hardware, which shows
 * only here. Falling back to the CPU is off, so what runs, runs on the device.
 */
async function multiplyOn(device: OnnxDevice): Promise<void> {
  const graph = trace(
    ({ inputs }) => new Map([['y', tf.matMul(inputs.get('x') as tf.Tensor2D, inputs.get('x') as tf.Tensor2D)]]),
    [{ name: 'x', shape: [2, 2], dtype: 'float32' }],
  );
  const session = await ort.InferenceSession.create(lowerToOnnx(graph, 'probe'), {
    executionProviders: [device],
    logSeverityLevel: 4,
    extra: { session: { disable_cpu_ep_fallback: device === 'cpu' ? '0' : '1' } },
  });
  try {
    await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]) });
  } finally {
    await session.release();
  }
}
