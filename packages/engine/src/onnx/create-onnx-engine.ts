import { ConfigError } from '@attune/base';
import { checkWritableFolder } from '@attune/base/node';
import { type Engine, type OnnxDevice, type OnnxEngineOptions, onnxDevices } from '../contract.ts';
import { HoistedValues } from './hoist/hoisted-values.ts';

/**
 * The compiled engine: each step is traced, lowered to ONNX and run by ONNX Runtime as one call.
 *
 * @throws ConfigError for options that cannot be met, with ONNX Runtime's reason for a device it cannot use
 */
export async function createOnnxEngine({
  threads = 1,
  device = 'cpu',
  maxSessions = 64,
  hoist = true,
  hoistMemoryBytes = 2 ** 30,
  hoistDirectory,
  hoistedValues,
  without = [],
}: OnnxEngineOptions = {}): Promise<Engine> {
  if (!isDevice(device)) {
    throw new ConfigError(`engine onnx: unknown device "${device}". Known: ${onnxDevices.join(', ')}`);
  }
  if (!Number.isInteger(threads) || threads < 1) {
    throw new ConfigError(`engine onnx: threads: expected a positive integer, got ${threads}`);
  }
  // Loaded only now, so that a machine without the native library can still use the other engines.
  const { OnnxEngine } = await import('./onnx-engine.ts');
  if (device !== 'cpu') {
    const { checkDevice } = await import('./devices.ts');
    await checkDevice(device);
  }
  if (!(hoistMemoryBytes >= 0)) {
    throw new ConfigError(`engine onnx: hoistMemoryBytes: expected a number from 0, got ${hoistMemoryBytes}`);
  }
  if (hoistDirectory !== undefined) await checkWritableFolder('engine onnx: hoistDirectory', hoistDirectory);
  const shared = { threads, device, maxSessions, without: new Set(without) };
  if (!hoist) return new OnnxEngine(shared);
  if (hoistedValues !== undefined) return new OnnxEngine({ ...shared, hoistedValues });
  const own = new HoistedValues({ memoryBytes: hoistMemoryBytes, directory: hoistDirectory });
  return new OnnxEngine({ ...shared, hoistedValues: own, own });
}

function isDevice(name: string): name is OnnxDevice {
  return onnxDevices.some((device) => device === name);
}
