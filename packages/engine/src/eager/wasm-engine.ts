import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Engine } from '../contract.ts';
import { ConfigError } from '../errors.ts';
import type { WrongCalls } from './cpu-fallback.ts';
import { registerCpuFallbacks } from './cpu-fallback.ts';
import { EagerEngine } from './eager-engine.ts';
import { registerUnsortedSegmentSum } from './unsorted-segment-sum.ts';

const BACKEND = 'wasm';
/** What tfjs-backend-wasm 4.22 gets wrong. */
const WRONG_ON_WASM: WrongCalls = {
  // Writes its values as integers whatever the dtype.
  OneHot: () => true,
  // Keeps the number's byte, so 2 becomes a bool that equals neither true nor false.
  Cast: (_inputs, { dtype }) => dtype === 'bool',
  // Writes four bytes for each element, also of a bool, and so over its neighbours.
  Select: ({ t }) => t?.dtype === 'bool',
};

/**
 * The eager engine on TensorFlow.js's WebAssembly backend: the reference that checks the others. One thread,
 * so it gives the same bits on any machine.
 */
export async function createWasmEngine(): Promise<Engine> {
  if (tf.engine().registry[BACKEND] === undefined) {
    await initialise();
  }
  return new EagerEngine({ name: 'wasm', device: 'cpu', backend: BACKEND });
}

async function initialise(): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(join(dirname(manifest), 'dist', '/'));
  setThreadsCount(1);
  const previous = tf.getBackend();
  if (!(await tf.setBackend(BACKEND))) {
    throw new ConfigError('engine wasm: the WebAssembly backend of TensorFlow.js did not start');
  }
  registerCpuFallbacks(BACKEND, WRONG_ON_WASM);
  registerUnsortedSegmentSum(BACKEND);
  if (previous) {
    await tf.setBackend(previous);
  }
}
