import { expect, test } from 'vitest';
import { OnnxStore } from './onnx-store.ts';

const length = 2 ** 14;
const plan = (state: readonly string[]) => ({ state, vectors: [], scalars: [], length, width: length, room: 0 });
const ones = () => ({ dtype: 'float32', shape: [length], data: new Float32Array(length).fill(1) }) as const;

test('state keeps its value when it moves, from array to block and from block to block', async () => {
  const store = new OnnxStore(new Map([['a', ones()]]));
  store.place([plan(['a'])]);
  store.place([{ ...plan(['a']), vectors: ['gradient'] }]);
  expect((await store.read(['a'])).get('a')).toEqual(ones());
});

test('the array that state leaves is freed at once, and no other', async () => {
  const store = new OnnxStore(new Map(['a', 'b'].map((name) => [name, ones()])));
  const before = process.memoryUsage().arrayBuffers;
  store.place([plan(['a'])]);
  expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThanOrEqual(4 * length);
  expect((await store.read(['b'])).get('b')).toEqual(ones());
});
