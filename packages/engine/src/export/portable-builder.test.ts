import { expect, test } from 'vitest';
import { createOnnxEngine } from '../onnx/create-onnx-engine.ts';
import { PortableBuilder } from './portable-builder.ts';

test('takes standard operators alone', () => {
  const builder = new PortableBuilder();
  expect(() => builder.node('Gelu', ['x'], { domain: 'com.microsoft' })).toThrow(
    "export: com.microsoft's Gelu is no standard operator; add an open rule in onnx/rules",
  );
  expect(typeof builder.node('Relu', ['x'])).toBe('string');
});

test('counts the bytes of weights and constants', () => {
  const builder = new PortableBuilder();
  builder.tensor({ type: 'float32', shape: [2, 3], data: new Float32Array(6) }, 'w');
  builder.tensor({ type: 'int32', shape: [2], data: new Int32Array(2) });
  expect(builder.initializerBytes).toBe(24 + 8);
});

test.each([-1, Number.NaN])('an engine refuses %d bytes of memory for what is computed once', async (bytes) => {
  await expect(createOnnxEngine({ hoistMemoryBytes: bytes })).rejects.toMatchObject({
    name: 'ConfigError',
    message: `engine onnx: hoistMemoryBytes: expected a number from 0, got ${bytes}`,
  });
});
