import type { Engine } from '../contract.ts';
import { ConfigError } from '../errors.ts';
import type { OnnxEngineOptions } from './onnx-engine-options.ts';

/**
 * The compiled engine: each step is traced, lowered to ONNX and run by ONNX Runtime as one call.
 *
 * @throws ConfigError for options that cannot be met
 */
export async function createOnnxEngine({
  threads = 1,
  device = 'cpu',
  maxSessions = 64,
}: OnnxEngineOptions = {}): Promise<Engine> {
  if (device !== 'cpu') {
    throw new ConfigError(`engine onnx: device "${device}" is not supported; known: cpu`);
  }
  if (!Number.isInteger(threads) || threads < 1) {
    throw new ConfigError(`engine onnx: threads: expected a positive integer, got ${threads}`);
  }
  // Loaded only now, so that a machine without the native library can still use the other engines.
  const { OnnxEngine } = await import('./onnx-engine.ts');
  return new OnnxEngine({ threads, device, maxSessions });
}
