import { type HostTensors, hashTensors, type StepEngine } from '@attune/base';
import { referenceEngine } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import { plainAttachment, toyCall, toyInstances } from '../../test/training-toys.ts';
import { fineTune } from './fine-tune.ts';
import type { CurvePoint, FineTuneCall } from './fine-tuned.ts';
import { rehearse, replaySelection, runFirstSteps } from './rehearsal.ts';

/** The reference engine, which keeps the batches that its steps are given, and the values of its stores. */
function watched() {
  const engine = referenceEngine();
  const seen = { train: [] as HostTensors[], evaluate: [] as HostTensors[], stores: [] as HostTensors[] };
  const watching: StepEngine = {
    createStore: (values) => {
      seen.stores.push(values);
      return engine.createStore(values);
    },
    prepare: (definition) => {
      const step = engine.prepare(definition);
      const run: typeof step.run = (batch, noise) => {
        seen[definition.name as 'train' | 'evaluate'].push(batch);
        return step.run(batch, noise);
      };
      return { run, costs: (batch) => step.costs(batch), dispose: () => step.dispose() };
    },
  };
  return { engine: watching, seen };
}

const kinds = ['classification', 'choice', 'cloze', 'candidates', 'fill'] as const;

describe('rehearse', () => {
  it.each(kinds)('tells every batch and first value of a training before it is run: %s', async (kind) => {
    const { engine, seen } = watched();
    const instances = toyInstances(kind, 13, { long: true });
    const selection = { instances: toyInstances(kind, 35), score: () => 1 };
    const settings = { epochs: 2, evaluationsPerEpoch: 0.5, dropout: 0.1, warmupRatio: 0.2 };
    const call: FineTuneCall = { ...toyCall(kind, settings), engine, instances, selection };
    const rehearsal = rehearse(call);
    const steps = [...rehearsal.steps()];
    const tuned = await fineTune(call);
    expect(steps.map(({ inputs }) => inputs)).toEqual(seen.train);
    expect(steps.map(({ isEvaluation }) => isEvaluation)).toEqual([false, false, false, true]);
    expect(steps.flatMap(({ indices }) => [...indices]).sort((a, b) => a - b)).toEqual(
      instances.flatMap((_, index) => [index, index]),
    );
    expect([rehearsal.initial.state, rehearsal.initial.frozen]).toEqual(seen.stores);
    const evaluation = [...rehearsal.evaluation(selection.instances)];
    expect(evaluation.length).toBeGreaterThan(1);
    expect(seen.evaluate.slice(0, evaluation.length)).toEqual(evaluation);
    tuned.dispose();
  });

  it('has no steps where nothing trains', () => {
    const call = { ...toyCall('cloze'), engine: referenceEngine(), attachment: plainAttachment(() => false) };
    expect([...rehearse(call).steps()]).toEqual([]);
  });
});

describe('runFirstSteps', () => {
  it('gives the losses that the training has, fewer where it is shorter, and one batch of outputs', async () => {
    const call = { ...toyCall('cloze', { dropout: 0.2, maxSteps: 5 }), engine: referenceEngine() };
    const instances = toyInstances('cloze', 5);
    const first = await runFirstSteps(call, { count: 3, instances });
    const whole = await fineTune(call);
    expect(first.losses).toEqual(whole.losses.slice(0, 3));
    expect(hashTensors(first.trainable)).not.toBe(whole.parameterHash);
    const all = await runFirstSteps(call, { count: 9, instances });
    expect(all.losses).toEqual(whole.losses);
    expect(hashTensors(all.trainable)).toBe(whole.parameterHash);
    const scores = (await whole.evaluate(instances)).flatMap((output) => output.scores);
    expect([...all.outputs.get('scores')!.data]).toEqual(scores);
    whole.dispose();
  });
});

describe('replaySelection', () => {
  const curve = (...scores: (number | null)[]): CurvePoint[] =>
    scores.map((selectionScore, index) => ({ step: index + 1, epoch: index, trainLoss: 1, selectionScore }));

  it.each([
    ['keeps the first of equal scores', curve(0.5, 0.7, 0.7), undefined, [2, 3, false]],
    ['stops when the patience is over', curve(0.5, 0.7, 0.7, 0.6, 0.9), 2, [2, 4, true]],
    ['goes on while there are improvements', curve(0.5, 0.4, 0.6, 0.5, 0.8), 2, [5, 5, false]],
    ['passes over a point that broke', curve(0.5, null), undefined, [1, 2, false]],
    ['keeps nothing of nothing', curve(null), undefined, [undefined, 1, false]],
  ] as const)('%s', (_, points, patience, [step, evaluations, exhausted]) => {
    const replayed = replaySelection(points, patience);
    expect([replayed.best?.step, replayed.evaluations, replayed.exhausted]).toEqual([step, evaluations, exhausted]);
  });
});
