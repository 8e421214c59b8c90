import { floatTensor, type StepDefinition } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { referenceEngine } from './reference-engine.ts';

const scalar = (value: number) => floatTensor([], [value]);

function counter(run: StepDefinition['run']) {
  const engine = referenceEngine();
  const state = engine.createStore(new Map([['count', scalar(1)]]));
  const frozen = engine.createStore(new Map([['by', scalar(10)]]));
  return { state, step: engine.prepare({ name: 'counter', run, state, frozen }) };
}

describe('referenceEngine', () => {
  it('replaces the state, hands back outputs, draws noise and keeps no tensors', async () => {
    const { state, step } = counter(({ state, frozen, batch, noise }) => {
      const mask = noise({ site: 'a', shape: [2], rate: 0.5 });
      const count = tf.add(state.get('count')!, tf.mul(frozen.get('by')!, batch.get('times')!));
      return { state: new Map([['count', count]]), outputs: new Map([['sum', tf.add(tf.sum(mask), count)]]) };
    });
    const noise = () => Float32Array.of(0, 2);
    await step.run(new Map([['times', scalar(3)]]), noise);
    const before = tf.memory().numTensors;
    const outputs = await step.run(new Map([['times', scalar(1)]]), noise);
    expect(tf.memory().numTensors).toBe(before);
    expect(outputs).toEqual(new Map([['sum', scalar(43)]]));
    expect(await state.read()).toEqual(new Map([['count', scalar(41)]]));
    state.write(new Map([['count', scalar(5)]]));
    expect(await state.read(['count'])).toEqual(new Map([['count', scalar(5)]]));
  });

  it('refuses what the contract does not allow', async () => {
    const noisy = counter(({ noise }) => ({ outputs: new Map([['x', noise({ site: 'a', shape: [], rate: 0 })]]) }));
    await expect(noisy.step.run(new Map())).rejects.toThrow(
      'step: asked for noise at "a", but none was given to run()',
    );
    const reshaped = counter(() => ({ state: new Map([['count', tf.zeros([2])]]), outputs: new Map() }));
    await expect(reshaped.step.run(new Map())).rejects.toThrow('store: "count" is float32 [], got float32 [2]');
    const renamed = counter(() => ({ state: new Map([['total', tf.zeros([])]]), outputs: new Map() }));
    await expect(renamed.step.run(new Map())).rejects.toThrow('store: no tensor "total"');
  });
});
