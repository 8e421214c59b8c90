import { floatTensor, type HostTensor, randomSource } from '@attune/base';
import type { InstanceOutput, ParameterSpec } from '@attune/core';
import { referenceEngine } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { plainAttachment, toyCall, toyInstances, toySettings } from '../../test/training-toys.ts';
import { fineTune } from './fine-tune.ts';
import type { FineTuneCall } from './fine-tuned.ts';
import { rehearse } from './rehearsal.ts';

const run = (call: Omit<FineTuneCall, 'engine'>) => fineTune({ engine: referenceEngine(), ...call });

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const argMax = (values: readonly number[]) => values.indexOf(Math.max(...values));

describe('fineTune', () => {
  it.each([
    ['classification', 8],
    ['choice', 6],
    ['cloze', 5],
    ['candidates', 4],
    ['fill', 12],
  ] as const)('learns a separable problem: %s in %i epochs', async (kind, epochs) => {
    const call = toyCall(kind, { epochs });
    const tuned = await run(call);
    expect(tuned.status).toBe('completed');
    expect(tuned.steps).toBe(2 * epochs);
    expect(mean(tuned.losses.slice(-2))).toBeLessThan(0.5 * tuned.losses[0]!);
    const instances = toyInstances(kind, 10);
    const outputs = await tuned.evaluate(instances);
    const wanted = instances.map((instance) => (instance.kind === 'fill' ? instance.targets : instance.label));
    expect(outputs.map(({ scores, filledIds }) => filledIds ?? argMax(scores))).toEqual(wanted);
    tuned.dispose();
  });

  it.each(['classification', 'cloze', 'fill'] as const)('is the same with padding on either side: %s', async (kind) => {
    const once = async (paddingSide: 'left' | 'right') => {
      const tuned = await run({ ...toyCall(kind, { maxSteps: 4 }), paddingSide });
      const outputs = await tuned.evaluate(toyInstances(kind, 10));
      return { losses: tuned.losses, scores: outputs.flatMap(({ scores, filledIds }) => filledIds ?? scores) };
    };
    const [onRight, onLeft] = [await once('right'), await once('left')];
    // Sums are taken in another order, and training carries the difference on.
    const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 3));
    expect(onLeft).toEqual({ losses: close(onRight.losses), scores: close(onRight.scores) });
  });

  it('follows this loss curve, dropout included', async () => {
    const tuned = await run(toyCall('classification', { maxSteps: 10, dropout: 0.1, warmupRatio: 0.2, l2: 1e-4 }));
    const pinned = [0.7607, 0.759, 0.7484, 0.801, 0.7379, 0.6958, 0.7176, 0.6748, 0.6204, 0.5778];
    expect(tuned.losses).toEqual(pinned.map((loss) => expect.closeTo(loss, 3)));
    tuned.dispose();
  });

  it('repeats losses, parameters and outputs bit for bit, and changes them with the seed', async () => {
    const once = async (seed: number) => {
      const call = { ...toyCall('cloze', { maxSteps: 4, dropout: 0.2 }), random: randomSource(seed) };
      const { losses, parameterHash, evaluate } = await run(call);
      return { losses, parameterHash, outputs: await evaluate(toyInstances('cloze', 4)) };
    };
    const [first, again, other] = [await once(1), await once(1), await once(2)];
    expect(again).toEqual(first);
    expect(other.losses).not.toEqual(first.losses);
    expect(other.parameterHash).not.toBe(first.parameterHash);
  });

  it('leaves frozen parameters and unused roles alone', async () => {
    const attachment = plainAttachment(({ role, layer }) => role === 'classifier' || layer === 1);
    const call = { ...toyCall('classification', { maxSteps: 2 }), attachment };
    const tuned = await run(call);
    const names = [...tuned.values().keys()];
    expect(names).toContain('classifier.weight');
    expect(names.filter((name) => !/^classifier\.|\.layer\.1\./.test(name))).toEqual([]);
    const lmHead = call.model.parameters.filter(({ role }) => role === 'lm-head');
    expect(lmHead.length).toBeGreaterThan(0);
    const size = (shapes: readonly { readonly shape: readonly number[] }[]) =>
      shapes.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(tuned.totalParameters).toBe(size(call.model.parameters) - size(lmHead) + 2 * call.model.hiddenSize + 2);
    expect(tuned.trainableParameters).toBe(size([...tuned.values().values()]));
    tuned.dispose();
  });

  it('evaluates a model with nothing trainable without a step', async () => {
    const score = (outputs: readonly InstanceOutput[]) => outputs.length;
    const selection = { instances: toyInstances('cloze', 3), score };
    const tuned = await run({ ...toyCall('cloze'), attachment: plainAttachment(() => false), selection });
    expect(tuned).toMatchObject({ status: 'completed', steps: 0, flops: 0, trainableParameters: 0 });
    expect(tuned.curve).toEqual([{ step: 0, epoch: 0, trainLoss: null, selectionScore: 3 }]);
    expect(tuned.best).toEqual({ step: 0, score: 3 });
    tuned.dispose();
  });

  it('calls a loss that is not finite diverged', async () => {
    const tuned = await run(toyCall('classification', { learningRate: 1e30, maxGradientNorm: undefined }));
    expect(tuned.status).toBe('diverged');
    expect(tuned.steps).toBeLessThan(5);
    expect(tuned.losses.at(-1)).not.toSatisfy(Number.isFinite);
    expect(tuned.curve.at(-1)).toEqual({
      step: tuned.steps,
      epoch: tuned.steps / 2,
      trainLoss: null,
      selectionScore: null,
    });
    tuned.dispose();
  });

  it('calls an output that is not finite diverged, though every loss was', async () => {
    const selection = { instances: toyInstances('cloze', 2), score: () => 1 };
    const settings = { learningRate: 1e30, maxGradientNorm: undefined, maxSteps: 1 };
    const tuned = await run({ ...toyCall('cloze', settings), selection });
    expect(tuned.losses).toEqual([expect.toSatisfy(Number.isFinite)]);
    expect(tuned.status).toBe('diverged');
    // What was best before is kept: here the model before the step that broke it.
    expect(tuned.best).toEqual({ step: 0, score: 1 });
    tuned.dispose();
  });

  it('calls a model diverged whose outputs are not finite before the first step', async () => {
    const call = toyCall('cloze', { maxSteps: 1 });
    const broken = (value: HostTensor) => ({ ...value, data: new Float32Array(value.data.length).fill(Number.NaN) });
    const values = new Map([...call.values].map(([name, value]) => [name, broken(value)]));
    const selection = { instances: toyInstances('cloze', 2), score: () => 1 };
    const tuned = await run({ ...call, values, selection });
    expect(tuned).toMatchObject({ status: 'diverged', steps: 0, curve: [{ step: 0, selectionScore: null }] });
    expect(tuned.best).toBeUndefined();
    tuned.dispose();
  });

  it('refuses a trainable parameter that the loss does not depend on', async () => {
    const unused: ParameterSpec = {
      name: 'unused.weight',
      shape: [2],
      role: 'adapter',
      initializer: { kind: 'zeros' },
      decay: true,
    };
    const attachment = {
      ...plainAttachment(),
      parameters: [unused],
      initialValues: () => new Map([['unused.weight', floatTensor([2], [0, 0])]]),
    };
    await expect(run({ ...toyCall('cloze', { maxSteps: 1 }), attachment })).rejects.toThrow(
      'training step: the loss does not depend on unused.weight; freeze what is not used',
    );
  });

  it('keeps the first of equally good checkpoints and stops when patience is over', async () => {
    const scores = [0.4, 0.5, 0.7, 0.7, 0.6, 0.9];
    const seen: string[] = [];
    const selection = { instances: toyInstances('classification', 2), score: () => scores[seen.length]! };
    const tuned = await run({
      ...toyCall('classification', { patience: 2, learningRate: 1e-4 }),
      selection,
      onProgress: ({ step, loss, selectionScore }) => {
        if (selectionScore !== undefined)
          seen.push(`${step}: ${selectionScore}, loss ${loss === null ? 'none' : 'known'}`);
      },
    });
    expect(seen).toEqual([
      '0: 0.4, loss none',
      ...['2: 0.5, loss known', '4: 0.7, loss known', '6: 0.7, loss known', '8: 0.6, loss known'],
    ]);
    expect(tuned.best).toEqual({ step: 4, score: 0.7 });
    expect(tuned.steps).toBe(8);
    tuned.dispose();
  });

  it.each([
    ['training makes it worse', [0.7, 0.6, 0.5, 0.4, 0.3], 0],
    ['training makes no difference', [0.7, 0.7, 0.7, 0.7, 0.7], 0],
    ['training helps late', [0.7, 0.6, 0.5, 0.6, 0.8], 8],
  ])('has the model before its first step among the candidates: %s', async (_, scores, step) => {
    const instances = toyInstances('classification', 4);
    const seen: (readonly InstanceOutput[])[] = [];
    const score = (outputs: readonly InstanceOutput[]) => scores[seen.push(outputs) - 1]!;
    const call = toyCall('classification', { maxSteps: 8 });
    const tuned = await run({ ...call, selection: { instances, score } });
    expect(tuned.curve.map((point) => [point.step, point.epoch, point.selectionScore])).toEqual(
      scores.map((own, index) => [2 * index, index, own]),
    );
    expect(tuned.curve[0]).toEqual({ step: 0, epoch: 0, trainLoss: null, selectionScore: 0.7 });
    expect(tuned.best).toEqual({ step, score: Math.max(...scores) });
    expect(tuned.steps).toBe(8);
    // The outputs of the state that was kept come back, and at step 0 they are those of the values that were given.
    expect(await tuned.evaluate(instances)).toEqual(seen[step / 2]);
    const { initial } = rehearse({ engine: referenceEngine(), ...call });
    const kept = [...tuned.values()].every(
      ([name, value]) => value.data.join() === initial.state.get(name)!.data.join(),
    );
    expect(kept).toBe(step === 0);
    tuned.dispose();
  });

  it('counts evaluations that are no better than no training against the patience', async () => {
    const selection = { instances: toyInstances('classification', 2), score: () => 0.5 };
    const tuned = await run({ ...toyCall('classification', { patience: 2 }), selection });
    expect([tuned.best, tuned.steps]).toEqual([{ step: 0, score: 0.5 }, 4]);
    tuned.dispose();
  });

  it('restores the values of the best checkpoint', async () => {
    const seen: number[] = [];
    const instances = toyInstances('classification', 4);
    // The first evaluation after a step is the best; its outputs must come back after ten more steps.
    let first: readonly InstanceOutput[] | undefined;
    const score = (outputs: readonly InstanceOutput[]) => {
      const evaluation = seen.push(1);
      if (evaluation === 2) first = outputs;
      return evaluation === 1 ? -9 : -evaluation;
    };
    const tuned = await run({ ...toyCall('classification', { maxSteps: 12 }), selection: { instances, score } });
    expect(seen.length).toBe(7);
    expect(tuned.best).toEqual({ step: 2, score: -2 });
    expect(await tuned.evaluate(instances)).toEqual(first);
    tuned.dispose();
  });

  it('evaluates every second epoch when asked for half an evaluation per epoch', async () => {
    const tuned = await run(toyCall('classification', { epochs: 5, evaluationsPerEpoch: 0.5 }));
    expect(tuned.curve.map(({ step, epoch }) => [step, epoch])).toEqual([
      [4, 2],
      [8, 4],
      [10, 5],
    ]);
    expect(tuned.curve[0]!.trainLoss).toBeCloseTo(mean(tuned.losses.slice(0, 4)), 12);
    tuned.dispose();
  });

  it('takes new instances each epoch from a function', async () => {
    const epochs: number[] = [];
    const instances = (epoch: number) => {
      epochs.push(epoch);
      return toyInstances('fill', 16);
    };
    const tuned = await run({ ...toyCall('fill', { epochs: 3 }), instances });
    expect([...new Set(epochs)]).toEqual([0, 1, 2]);
    expect(tuned.steps).toBe(6);
    tuned.dispose();
  });

  it('stops with an AbortError when the signal is aborted', async () => {
    const controller = new AbortController();
    const onProgress = ({ step }: { readonly step: number }) => {
      if (step === 2) controller.abort();
    };
    const call = { ...toyCall('classification'), signal: controller.signal, onProgress };
    await expect(run(call)).rejects.toMatchObject({ name: 'AbortError', message: 'fine-tuning was stopped' });
  });

  it('leaks no tensors', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    const tuned = await run(toyCall('candidates', { maxSteps: 2, dropout: 0.1 }));
    await tuned.evaluate(toyInstances('candidates', 3));
    tuned.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says what does not fit', async () => {
    const call = toyCall('classification', { maxSteps: 1 });
    await expect(run({ ...call, instances: [] })).rejects.toThrow('training: there are no instances to train on');
    const unlabelled = toyInstances('classification', 2).map((instance) => ({ ...instance, label: undefined }));
    await expect(run({ ...call, instances: unlabelled as never })).rejects.toThrow(
      'collate: a training instance has no label; train on labelled rows',
    );
    await expect(run({ ...call, instances: toyInstances('cloze', 2) })).rejects.toThrow(
      'collate: expected classification instances, got one of cloze',
    );
    const short = { ...toySettings, maxLength: 8 };
    await expect(run({ ...call, settings: short })).rejects.toThrow(
      'batch: a sequence has 9 tokens, maxLength is 8; truncate it when formulating',
    );
    await expect(run({ ...call, values: new Map() })).rejects.toThrow(
      /^initial values do not fit the model:\n.*word_embeddings\.weight: expected \[50, 16\], got nothing/,
    );
  });
});
