import { expect, it } from 'vitest';
import { collectGarbage } from './collect-garbage.ts';

it('frees what nothing holds, without a flag', async () => {
  let held: Uint8Array | undefined = new Uint8Array(2 ** 20);
  const watched = new WeakRef(held);
  await collectGarbage();
  expect(watched.deref()).toBe(held);
  held = undefined;
  await collectGarbage();
  expect(watched.deref()).toBeUndefined();
});

it('gives back the memory of buffers before it ends', async () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let index = 0; index < 8; index++) new Uint8Array(2 ** 22).fill(1);
  await collectGarbage();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 22);
});
