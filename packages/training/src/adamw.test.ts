import { floatTensor, type HostTensors } from '@attune/base';
import type { ParameterSpec } from '@attune/core';
import { expectAllClose, referenceEngine } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import manifest from '../test/fixtures/adamw/manifest.json' with { type: 'json' };
import fixture from '../test/fixtures/adamw/steps.json' with { type: 'json' };
import { adamWScalars, adamWUpdate, clipGradients, initialMoments } from './optimizer.ts';

const spec = (name: string, shape: number[], decay: boolean): ParameterSpec => ({
  name,
  shape,
  decay,
  role: 'encoder',
  initializer: { kind: 'zeros' },
});
const specs = [spec('weight', [3, 4], true), spec('bias', [4], false)];

const tensors = (values: { weight: number[][]; bias: number[] }): HostTensors =>
  new Map([
    ['weight', floatTensor([3, 4], values.weight.flat())],
    ['bias', floatTensor([4], values.bias)],
  ]);

describe('adamWUpdate', () => {
  it('follows PyTorch for ten steps with decay and clipping', async () => {
    const { learningRate, weightDecay, maxGradientNorm } = manifest.settings;
    const engine = referenceEngine();
    const state = engine.createStore(new Map([...tensors(fixture.initial), ...initialMoments(specs)]));
    const step = engine.prepare({
      name: 'adamw',
      state,
      frozen: engine.createStore(new Map()),
      run: ({ state, batch }) => {
        const gradients = clipGradients(new Map(specs.map(({ name }) => [name, batch.get(name)!])), maxGradientNorm);
        return { state: adamWUpdate({ specs, state, gradients, scalars: batch, weightDecay }), outputs: new Map() };
      },
    });
    for (const [index, { gradients, after }] of fixture.steps.entries()) {
      await step.run(new Map([...tensors(gradients), ...adamWScalars({ learningRate, step: index + 1 })]));
      expectAllClose(await state.read(['weight', 'bias']), tensors(after), manifest.tolerance);
    }
  });

  it('scales the rate of one parameter, decay included', async () => {
    const after = async (learningRate: number, learningRateScale?: (spec: ParameterSpec) => number) => {
      const engine = referenceEngine();
      const state = engine.createStore(new Map([...tensors(fixture.initial), ...initialMoments(specs)]));
      const { run } = engine.prepare({
        name: 'adamw',
        state,
        frozen: engine.createStore(new Map()),
        run: ({ state, batch }) => ({
          state: adamWUpdate({ specs, state, gradients: batch, scalars: batch, weightDecay: 0.1, learningRateScale }),
          outputs: new Map(),
        }),
      });
      await run(new Map([...tensors(fixture.steps[0]!.gradients), ...adamWScalars({ learningRate, step: 1 })]));
      return state.read(['weight', 'bias']);
    };
    const half = await after(0.01, ({ name }) => (name === 'weight' ? 0.5 : 1));
    const [slow, fast] = [await after(0.005), await after(0.01)];
    expect(half.get('bias')).toEqual(fast.get('bias'));
    expectAllClose(new Map([['weight', half.get('weight')!]]), new Map([['weight', slow.get('weight')!]]), {
      relative: 1e-6,
      absolute: 1e-7,
    });
  });
});
