import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { createOnnxEngine } from './onnx/create-onnx-engine.ts';
import { explainFailure, isOutOfMemory } from './step-failure.ts';

const batch = new Map([['ids', { dtype: 'int32', shape: [2, 3], data: new Int32Array(6) } as const]]);
const failing = (error: unknown) => explainFailure('train', batch, () => Promise.reject(error));
const advice = 'try a smaller batchSize, a shorter maxLength, fewer --workers, or a machine with more memory';

describe('explainFailure', () => {
  test.each([
    ['V8', new RangeError('Array buffer allocation failed')],
    ['V8, of an array beyond its limit', new RangeError('Invalid typed array length: 8000000000')],
    ['TensorFlow', new Error('Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[9,9]')],
    ['CUDA', new Error('CUDA failure 2: out of memory ; GPU=0')],
    ['WebAssembly', new Error('memory access out of bounds')],
  ])('says which step ran out of the memory of %s', async (_runtime, error) => {
    await expect(failing(error)).rejects.toMatchObject({
      name: 'ResourceError',
      message: `step "train" with ids int32[2, 3] ran out of memory: ${error.message.replace('\n', ' ')}; ${advice}`,
      cause: error,
    });
  });

  test.each([
    'CUDA failure 719: unspecified launch failure ; GPU=0',
    'WebGPU validation failed. Device was lost.',
    'VK_ERROR_DEVICE_LOST',
  ])('says which step lost its device: %s', async (message) => {
    await expect(failing(new Error(message))).rejects.toThrow(
      `step "train" with ids int32[2, 3] lost its device: ${message}; ` +
        'see with "attune doctor" whether it is back, or choose --device cpu, and run the same command again',
    );
  });

  test('leaves other errors, and what was explained, as they are', async () => {
    const other = new TypeError('x is not a function');
    await expect(failing(other)).rejects.toBe(other);
    const first = await failing(new RangeError('Array buffer allocation failed')).catch((error: unknown) => error);
    await expect(failing(first)).rejects.toBe(first);
    expect([isOutOfMemory(first), isOutOfMemory(other)]).toEqual([true, false]);
  });
});

test('a real step of the onnx engine that needs more than the address space', async () => {
  const engine = await createOnnxEngine();
  const empty = engine.createStore(new Map());
  const times = [200_000, 200_000, 100_000];
  const step = engine.prepare({
    name: 'tile',
    state: empty,
    frozen: empty,
    run: ({ batch }) => ({ outputs: new Map([['y', tf.sum(tf.tile(batch.get('x')!, times))]]) }),
  });
  const x = { dtype: 'float32', shape: [1, 1, 1], data: Float32Array.of(1) } as const;
  await expect(step.run(new Map([['x', x]]))).rejects.toThrow(
    'step "tile" with x float32[1, 1, 1] ran out of memory when it asked for 16000000.00 GB at once: ' +
      `Failed to allocate memory for requested buffer of size 16000000000000000; ${advice}`,
  );
  await engine.dispose();
});
