import type { HostTensors, StepDefinition } from '@attune/base';
import { expectAllClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { describeEngines } from '../test/engines.ts';
import { batchOf, initialState, mask, runEvaluate, runTrain, wave } from '../test/tiny-step.ts';
import type { Engine } from './contract.ts';
import { createWasmEngine } from './eager/wasm-engine.ts';
import { createOnnxEngine } from './onnx/create-onnx-engine.ts';

interface Trained {
  readonly losses: readonly number[];
  readonly state: HostTensors;
}

async function train(engine: Engine, steps: number): Promise<Trained> {
  const state = engine.createStore(initialState());
  const frozen = engine.createStore(new Map());
  const step = engine.prepare({ name: 'train', run: runTrain, state, frozen });
  const losses: number[] = [];
  for (let index = 0; index < steps; index += 1) {
    // Two batch sizes in turn: two compiled variants over one store.
    const outputs = await step.run(batchOf(index % 2 === 0 ? 4 : 6), mask);
    losses.push(outputs.get('loss')!.data[0]!);
  }
  const values = await state.read();
  step.dispose();
  state.dispose();
  frozen.dispose();
  return { losses, state: values };
}

describeEngines(({ create }) => {
  test('agrees with the reference over ten steps of a small transformer', async () => {
    const actual = await train(await create(), 10);
    const eager = await train(await createWasmEngine(), 10);
    for (const [index, loss] of eager.losses.entries()) {
      expect(Math.abs(actual.losses[index]! / loss - 1), `loss ${index}`).toBeLessThan(1e-5);
    }
    expectAllClose(actual.state, eager.state, { relative: 1e-4, absolute: 1e-5 });
  });

  test('the loss falls', async () => {
    const { losses } = await train(await create(), 10);
    expect(losses[9]).toBeLessThan(0.5 * losses[0]!);
  });

  test('leaves no tensors behind', async () => {
    const engine = await create();
    await train(engine, 1);
    const { numTensors, numDataBuffers } = tf.memory();
    await train(engine, 3);
    expect({ numTensors: tf.memory().numTensors, numDataBuffers: tf.memory().numDataBuffers }).toEqual({
      numTensors,
      numDataBuffers,
    });
  });

  test('evaluates the state that training left', async () => {
    const engine = await create();
    const state = engine.createStore(initialState());
    const frozen = engine.createStore(new Map());
    const trainStep = engine.prepare({ name: 'train', run: runTrain, state, frozen });
    const evaluate = engine.prepare({ name: 'evaluate', run: runEvaluate, state, frozen });
    const before = await evaluate.run(batchOf(4));
    await trainStep.run(batchOf(4), mask);
    const after = await evaluate.run(batchOf(4));
    expect(after.get('probabilities')!.data).not.toEqual(before.get('probabilities')!.data);
    const copy = engine.prepare({
      name: 'evaluate',
      run: runEvaluate,
      state: engine.createStore(await state.read()),
      frozen,
    });
    expect(await copy.run(batchOf(4))).toEqual(after);
    expect(await evaluate.run(batchOf(4))).toEqual(after);
  });
});

describe('onnx alone', () => {
  test('gives the same bits again, on one thread or more', async () => {
    const reference = await train(await createOnnxEngine({ threads: 1 }), 6);
    for (const threads of [1, 2, 4]) {
      expect(await train(await createOnnxEngine({ threads }), 6)).toEqual(reference);
    }
  });

  test('costs are counted without running, alike in both engines', async () => {
    const costs = [await createOnnxEngine(), await createWasmEngine()].map((engine) => {
      const state = engine.createStore(initialState());
      const step = engine.prepare({ name: 'train', run: runTrain, state, frozen: engine.createStore(new Map()) });
      return [step.costs(batchOf(4)).flops, step.costs(batchOf(8)).flops] as const;
    });
    expect(costs[0]).toEqual(costs[1]);
    expect(costs[0]![1]).toBeGreaterThan(1.5 * costs[0]![0]);
  });
});

/** Three tensors of one length or another, all changed by the same sum, two of them by the same vector. */
async function changeTogether(engine: Engine): Promise<HostTensors> {
  const state = engine.createStore(
    new Map(['a', 'b', 'c'].map((name, index) => [name, wave([index === 0 ? 3 : 5], index, 1)])),
  );
  const run: StepDefinition['run'] = ({ state, batch }) => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => state.get(name)!) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const gradient = tf.exp(batch.get('x')!);
    const norm = tf.sum(gradient);
    const next: [string, tf.Tensor][] = [
      ['a', tf.sub(a, tf.mul(a, norm))],
      ['b', tf.sub(b, tf.mul(gradient, norm))],
      ['c', tf.sub(c, tf.div(gradient, norm))],
    ];
    return { state: new Map(next), outputs: new Map() };
  };
  const step = engine.prepare({ name: 'together', run, state, frozen: engine.createStore(new Map()) });
  for (const phase of [1, 2]) await step.run(new Map([['x', wave([5], phase, 1)]]));
  return state.read();
}

// Gradients scaled by their common norm are such: all but the last update once read a norm of 0.
test('updates that read the same value all get it', async () => {
  const expected = await changeTogether(await createWasmEngine());
  expectAllClose(await changeTogether(await createOnnxEngine()), expected, { relative: 1e-5, absolute: 1e-6 });
});

/** The sums of 4,096 rows with three different ids, `times` over. */
async function sumRows(threads: number, times: number): Promise<HostTensors[]> {
  const engine = await createOnnxEngine({ threads });
  const empty = engine.createStore(new Map());
  const run: StepDefinition['run'] = ({ batch }) => ({
    outputs: new Map([['sum', tf.unsortedSegmentSum(batch.get('x')!, batch.get('ids') as tf.Tensor1D, 50)]]),
  });
  const step = engine.prepare({ name: 'sum', run, state: empty, frozen: empty });
  const ids = Int32Array.from({ length: 4096 }, (_, index) => (index * index) % 3);
  const batch = new Map([
    ['x', wave([4096, 64], 3, 1)],
    ['ids', { dtype: 'int32', shape: [4096], data: ids } as const],
  ]);
  const results: HostTensors[] = [];
  for (let time = 0; time < times; time += 1) {
    results.push(await step.run(batch));
  }
  return results;
}

// ScatterND gave other sums on two threads, now and then.
test('sums of repeated embedding rows do not depend on threads', async () => {
  const [expected] = await sumRows(1, 1);
  for (const sums of await sumRows(2, 20)) {
    expect(sums).toEqual(expected);
  }
});
