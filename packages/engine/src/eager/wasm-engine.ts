import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ConfigError } from '@attune/base';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../contract.ts';
import { registerCpuFallbacks, registerUnsortedSegmentSum, type WrongCalls } from './cpu-fallback.ts';
import { EagerEngine } from './eager-engine.ts';

const BACKEND = 'wasm';
const isEmpty = (inputs: tf.NamedTensorInfoMap): boolean =>
  Object.values(inputs).some((input) => input?.shape.includes(0));
/** What tfjs-backend-wasm 4.22 gets wrong. */
const WRONG_ON_WASM: WrongCalls = {
  // Writes its values as integers whatever the dtype.
  OneHot: () => true,
  // Keeps the number's byte, so 2 becomes a bool that equals neither true nor false.
  Cast: (_inputs, { dtype }) => dtype === 'bool',
  // Writes four bytes for each element, also of a bool, and so over its neighbours.
  Select: ({ t }) => t?.dtype === 'bool',
  Reverse: ({ x }) => x?.dtype === 'bool',
  // Calls its result floats whatever the dtype.
  StridedSlice: ({ x }) => x?.dtype !== 'float32',
  // Reads the indices of another row of the batch, or past their end.
  GatherV2: (_inputs, { batchDims }) => (batchDims ?? 0) !== 0,
  // Trap, or give the smallest integer, where the divisor is zero.
  FloorDiv: () => true,
  Mod: ({ a }) => a?.dtype !== 'float32',
  // Leave what was in memory where there is nothing to reduce, or divide by a size of zero.
  Sum: isEmpty,
  Mean: isEmpty,
  Prod: isEmpty,
  Any: isEmpty,
  Cumsum: isEmpty,
  Cumprod: isEmpty,
  BatchMatMul: isEmpty,
  Transpose: isEmpty,
  // Turn NaN into a number; the first two also compare the bits of integers as if they were floats.
  ClipByValue: () => true,
  Relu6: () => true,
  Maximum: ({ a }) => a?.dtype === 'float32',
  Minimum: ({ a }) => a?.dtype === 'float32',
  // Multiplies by zero where x is not negative, which an infinite or NaN alpha turns into NaN.
  Prelu: () => true,
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
