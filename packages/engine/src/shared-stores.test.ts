import type { HostTensors, StepDefinition } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { describeEngines } from '../test/engines.ts';
import { epochs, frozenValues } from '../test/frozen-step.ts';
import { wave } from '../test/tiny-step.ts';
import type { Engine } from './contract.ts';

/** Two steps change the same state in place, reading another number of vectors, in turn. */
async function takeTurns(engine: Engine): Promise<HostTensors> {
  const state = engine.createStore(new Map([['w', wave([6], 1, 1)]]));
  const frozen = engine.createStore(new Map());
  const one: StepDefinition['run'] = ({ state, batch }) => ({
    state: new Map([['w', tf.sub(state.get('w')!, batch.get('x')!)]]),
    outputs: new Map(),
  });
  const two: StepDefinition['run'] = ({ state, batch }) => ({
    state: new Map([['w', tf.add(tf.mul(state.get('w')!, batch.get('x')!), batch.get('y')!)]]),
    outputs: new Map(),
  });
  const steps = [one, two].map((run, index) => engine.prepare({ name: `${index}`, run, state, frozen }));
  const batch = new Map([
    ['x', wave([6], 2, 1)],
    ['y', wave([6], 3, 1)],
  ]);
  for (const index of [0, 1, 0, 0, 1]) await steps[index]!.run(batch);
  return state.read();
}

/** A step's frozen weights are written anew, or are another step's state. */
async function frozenChanges(engine: Engine) {
  const batch = epochs(1)[0]!;
  const state = engine.createStore(frozenValues());
  const empty = engine.createStore(new Map());
  const change: StepDefinition['run'] = ({ state }) => ({
    state: new Map([['embedding', tf.mul(state.get('embedding')!, 0.5)]]),
    outputs: new Map(),
  });
  const read: StepDefinition['run'] = ({ frozen, batch }) => {
    const words = tf.gather(frozen.get('embedding')!, batch.get('ids') as tf.Tensor2D);
    const rows = tf.reshape(words, [-1, words.shape.at(-1)!]) as tf.Tensor2D;
    return { outputs: new Map([['y', tf.sum(tf.matMul(rows, frozen.get('query') as tf.Tensor2D))]]) };
  };
  const changed = engine.prepare({ name: 'change', run: change, state, frozen: empty });
  const reader = engine.prepare({ name: 'read', run: read, state: empty, frozen: state, perExample: ['ids'] });
  const seen = [await reader.run(batch)];
  state.write(new Map([['query', frozenValues(7).get('query')!]]));
  seen.push(await reader.run(batch));
  await changed.run(new Map());
  seen.push(await reader.run(batch));
  return seen.map((outputs) => outputs.get('y')!.data[0]!);
}

describeEngines(({ create }) => {
  test('steps that change the same state in turn see what the others did', async () => {
    const w = (await takeTurns(await create())).get('w')!;
    expect([...w.data]).toEqual(byHand());
  });

  test('frozen weights that change are seen by steps that keep what they made', async () => {
    const engine = await create();
    const [first, written, halved] = await frozenChanges(engine);
    expect(written).not.toBeCloseTo(first!, 3);
    expect(halved).toBeCloseTo(written! / 2, 4);
  });
});

/** What `takeTurns` computes, with float32 rounding after each operation. */
function byHand(): number[] {
  const [w, x, y] = [1, 2, 3].map((seed) => wave([6], seed, 1).data);
  const { fround } = Math;
  const sub = (a: number, index: number): number => fround(a - x![index]!);
  const scale = (a: number, index: number): number => fround(fround(a * x![index]!) + y![index]!);
  return [...w!].map((value, index) =>
    [sub, scale, sub, sub, scale].reduce((current, step) => step(current, index), value),
  );
}
