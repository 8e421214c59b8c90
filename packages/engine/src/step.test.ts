import type { HostTensor, HostTensors, StepDefinition } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { describeEngines } from '../test/engines.ts';
import { createWasmEngine } from './eager/wasm-engine.ts';
import { createOnnxEngine } from './onnx/create-onnx-engine.ts';

const vector = (...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});

describeEngines(({ name, create }) => {
  async function prepared(run: StepDefinition['run'], values: HostTensors = new Map([['w', vector(1, 2)]])) {
    const engine = await create();
    const state = engine.createStore(values);
    const frozen = engine.createStore(new Map([['f', vector(10, 20)]]));
    return { engine, state, frozen, step: engine.prepare({ name: 'train', run, state, frozen }) };
  }

  test('replaces only the state that is returned', async () => {
    const values = new Map([
      ['w', vector(1, 2)],
      ['kept', vector(3)],
    ]);
    const { state, step } = await prepared(
      ({ state, frozen }) => ({
        state: new Map([['w', tf.add(state.get('w')!, frozen.get('f')!)]]),
        outputs: new Map(),
      }),
      values,
    );
    await step.run(new Map());
    await step.run(new Map());
    expect(await state.read()).toEqual(
      new Map([
        ['w', vector(21, 42)],
        ['kept', vector(3)],
      ]),
    );
  });

  test('two states may trade places', async () => {
    const values = new Map([
      ['a', vector(1)],
      ['b', vector(2)],
    ]);
    const { state, step } = await prepared(
      ({ state }) => ({
        state: new Map([
          ['a', state.get('b')!],
          ['b', state.get('a')!],
        ]),
        outputs: new Map([['a', state.get('a')!]]),
      }),
      values,
    );
    expect(await step.run(new Map())).toEqual(new Map([['a', vector(1)]]));
    expect(await state.read()).toEqual(
      new Map([
        ['a', vector(2)],
        ['b', vector(1)],
      ]),
    );
  });

  test('an output may be an input, a constant, or another output again', async () => {
    const { step } = await prepared(({ batch }) => {
      const doubled = tf.mul(batch.get('x')!, 2);
      const outputs = { x: batch.get('x')!, one: tf.scalar(1), doubled, again: doubled, isBig: tf.greater(doubled, 3) };
      return { outputs: new Map(Object.entries(outputs)) };
    });
    expect(await step.run(new Map([['x', vector(1, 2)]]))).toEqual(
      new Map<string, HostTensor>([
        ['x', vector(1, 2)],
        ['one', { dtype: 'float32', shape: [], data: Float32Array.of(1) }],
        ['doubled', vector(2, 4)],
        ['again', vector(2, 4)],
        ['isBig', { dtype: 'int32', shape: [2], data: Int32Array.of(0, 1) }],
      ]),
    );
  });

  test('a noise site asked for twice is one mask', async () => {
    const sites: string[] = [];
    const { step } = await prepared(({ noise }) => {
      const request = { site: 'attention', shape: [2], rate: 0.5 };
      return { outputs: new Map([['sum', tf.add(noise(request), noise(request))]]) };
    });
    const outputs = await step.run(new Map(), ({ site }) => {
      sites.push(site);
      return Float32Array.of(0, 2);
    });
    expect(outputs.get('sum')).toEqual(vector(0, 4));
    expect(sites).toEqual(['attention']);
  });

  test('a store copies what it is given and what it gives', async () => {
    const { engine } = await prepared(() => ({ outputs: new Map() }));
    const given = vector(1, 2);
    const store = engine.createStore(new Map([['w', given]]));
    given.data[0] = 9;
    const read = await store.read(['w']);
    read.get('w')!.data[0] = 8;
    expect(await store.read()).toEqual(new Map([['w', vector(1, 2)]]));
    store.write(new Map([['w', vector(5, 6)]]));
    expect(await store.read()).toEqual(new Map([['w', vector(5, 6)]]));
  });

  test('steps run one after another even when nobody waits', async () => {
    const { state, step } = await prepared(({ state }) => ({
      state: new Map([['w', tf.mul(state.get('w')!, 2)]]),
      outputs: new Map(),
    }));
    await Promise.all([step.run(new Map()), step.run(new Map()), step.run(new Map())]);
    expect(await state.read()).toEqual(new Map([['w', vector(8, 16)]]));
  });

  test('leaves the active backend as it was', async () => {
    await tf.setBackend('cpu');
    const { step } = await prepared(({ state }) => ({ outputs: new Map([['w', state.get('w')!]]) }));
    await step.run(new Map());
    expect(tf.getBackend()).toBe('cpu');
  });

  test.each<[string, StepDefinition['run'], HostTensors, string]>([
    [
      'a state the store lacks',
      ({ state }) => ({ state: new Map([['x', state.get('w')!]]), outputs: new Map() }),
      new Map(),
      'step "train": returned state "x", which its store does not have',
    ],
    [
      'a state of another shape',
      ({ state }) => ({ state: new Map([['w', tf.sum(state.get('w')!)]]), outputs: new Map() }),
      new Map(),
      'step "train": state "w" is float32[2], the step returned float32[]',
    ],
    [
      'a batch whose data does not fit',
      ({ batch }) => ({ outputs: batch }),
      new Map([['x', { dtype: 'float32', shape: [3], data: Float32Array.of(1, 2) }]]),
      'step "train": batch "x": float32[3] needs 3 elements, but its data has 2',
    ],
    [
      'a batch with the wrong array',
      ({ batch }) => ({ outputs: batch }),
      new Map([['x', { dtype: 'int32', shape: [1], data: Float32Array.of(1) }]]),
      'step "train": batch "x": int32[1] needs a Int32Array, got a Float32Array',
    ],
    [
      'noise without a source',
      ({ noise }) => ({ outputs: new Map([['n', noise({ site: 'embeddings', shape: [1], rate: 0.1 })]]) }),
      new Map(),
      'step "train": needs noise for site "embeddings"; pass a noise source to run',
    ],
    [
      'a noise site with two shapes',
      ({ noise }) => {
        const n = noise({ site: 'a', shape: [1], rate: 0.1 });
        return { outputs: new Map([['n', tf.add(n, noise({ site: 'a', shape: [2], rate: 0.1 }))]]) };
      },
      new Map(),
      'step "train": noise site "a" was asked for twice, as [1] at rate 0.1 and as [2] at rate 0.1; give each its own name',
    ],
  ])('refuses %s', async (_what, run, batch, message) => {
    const { step } = await prepared(run);
    const noise = message.includes('twice') ? () => Float32Array.of(1) : undefined;
    await expect(step.run(batch, noise)).rejects.toThrow(message);
  });

  test('refuses noise of the wrong size', async () => {
    const { step } = await prepared(({ noise }) => ({
      outputs: new Map([['n', noise({ site: 'a', shape: [2, 2], rate: 0.1 })]]),
    }));
    await expect(step.run(new Map(), () => Float32Array.of(1))).rejects.toThrow(
      'step "train": noise for site "a" needs 4 elements [2, 2], got 1',
    );
  });

  test('a failed step leaves the state and the engine usable', async () => {
    const { state, step } = await prepared(({ state, batch }) => ({
      state: new Map([['w', tf.add(state.get('w')!, batch.get('x')!)]]),
      outputs: new Map(),
    }));
    await expect(step.run(new Map([['x', vector(1, 2, 3)]]))).rejects.toThrow(
      'Operands could not be broadcast together with shapes 2 and 3.',
    );
    await step.run(new Map([['x', vector(1, 1)]]));
    expect(await state.read()).toEqual(new Map([['w', vector(2, 3)]]));
  });

  test('refuses writes that do not fit', async () => {
    const { state } = await prepared(() => ({ outputs: new Map() }));
    expect(() => state.write(new Map([['w', vector(1)]]))).toThrow(
      'store: "w" is float32[2], cannot write float32[1] into it',
    );
    expect(() => state.write(new Map([['v', vector(1)]]))).toThrow('store: there is no tensor "v"; known: w');
    await expect(state.read(['v'])).rejects.toThrow('store: there is no tensor "v"; known: w');
    state.dispose();
    await expect(state.read(['w'])).rejects.toThrow('store: there is no tensor "w"; the store was disposed');
  });

  test("refuses another engine's store", async () => {
    const other = await (name === 'onnx' ? createWasmEngine() : createOnnxEngine());
    const { engine, frozen } = await prepared(() => ({ outputs: new Map() }));
    const definition = { name: 'train', run: () => ({ outputs: new Map() }), frozen };
    expect(() => engine.prepare({ ...definition, state: other.createStore(new Map()) })).toThrow(
      'step "train": its state store was not made by this engine\'s createStore',
    );
  });
});
