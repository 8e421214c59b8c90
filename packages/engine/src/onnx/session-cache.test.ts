import { trace } from '@attune/graph';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { SessionCache } from './session.ts';

const scaled = (factor: number) =>
  trace(
    ({ inputs }) => new Map([['y', tf.mul(inputs.get('x')!, factor)]]),
    [{ name: 'x', shape: [2], dtype: 'float32' }],
  );

test('equal graphs share a session', async () => {
  const cache = new SessionCache({}, 4);
  const first = await cache.hold(scaled(2));
  const second = await cache.hold(scaled(2));
  expect(second.session).toBe(first.session);
  expect((await cache.hold(scaled(3))).session).not.toBe(first.session);
  expect(cache.size).toBe(2);
  await cache.dispose();
});

test('a session that cannot be made is tried again the next time', async () => {
  const cache = new SessionCache({ executionProviders: ['nonsense'] }, 4);
  const refused = 'no available backend found. ERR: [nonsense] backend not found.';
  await expect(cache.hold(scaled(2))).rejects.toThrow(refused);
  expect(cache.size).toBe(0);
  await expect(cache.hold(scaled(2))).rejects.toThrow(refused);
});

test('the session unused for longest goes first, those in use stay', async () => {
  const cache = new SessionCache({}, 1);
  const [two, three] = [await cache.hold(scaled(2)), await cache.hold(scaled(3))];
  expect(cache.size).toBe(2);
  three.release();
  expect(cache.size).toBe(1);
  expect((await cache.hold(scaled(2))).session).toBe(two.session);
  await cache.dispose();
});
