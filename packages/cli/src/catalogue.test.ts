import { floatTensor, type HostTensors, type StepEngine } from '@attune/base';
import type { FineTuningMethod, InstanceOutput } from '@attune/core';
import { createOnnxEngine, createWasmEngine, type Engine } from '@attune/engine';
import { prepareTrial, WorkerCaches } from '@attune/runner/node';
import { expectAllClose } from '@attune/testing';
import { type FineTuned, fineTune } from '@attune/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf, tinyFiles } from '../test/tiny-trial.ts';
import { tinyWorld } from '../test/tiny-world.ts';
import { catalog } from './catalog.ts';

// Every method of the catalogue, posed as each kind of objective: cloze, candidates, fill, and a head.
const posed = [
  { task: 'boolq', formulation: 'cloze' },
  { task: 'copa', formulation: 'cloze' },
  { task: 'wsc', formulation: 'cloze' },
  { task: 'rte', formulation: 'head' },
] as const;

let world: Awaited<ReturnType<typeof tinyWorld>>;
let eager: Engine;
let compiled: Engine;
const caches = new WorkerCaches();

beforeAll(async () => {
  world = await tinyWorld();
  eager = await createWasmEngine();
  compiled = await createOnnxEngine({ threads: 1 });
});
afterAll(async () => {
  await compiled.dispose();
  await eager.dispose();
  world.remove();
});

interface Run extends Pick<FineTuned, 'losses' | 'status'> {
  readonly values: HostTensors;
  /** Scores of each reported instance. */
  readonly scores: HostTensors;
}

async function run(engine: StepEngine, method: FineTuningMethod, posing: (typeof posed)[number]): Promise<Run> {
  const training = { epochs: 10, maxSteps: 10, evaluationsPerEpoch: 0.01 };
  const plan = planOf({ method, ...posing, training }, world.folder);
  const prepared = await prepareTrial({ plan, files: tinyFiles(plan, world.folder), caches });
  const { model, values, attachment, objective, train, report, random } = prepared;
  const settings = plan.training;
  const call = {
    engine,
    model,
    values,
    attachment,
    objective,
    settings,
    random,
    instances: train.formulated.instances,
  };
  const tuned = await fineTune(call);
  const outputs = await tuned.evaluate(report.formulated.instances);
  const { losses, status } = tuned;
  const result = { losses, status, values: tuned.values(), scores: scoreTensors(outputs) };
  tuned.dispose();
  return result;
}

const scoreTensors = (outputs: readonly InstanceOutput[]): HostTensors =>
  new Map(outputs.map(({ scores }, index) => [`instance ${index}`, floatTensor([scores.length], scores)]));

/**
 * Adam divides a gradient by its own size, so where the gradient is small against its rounding error, that error moves
 * a parameter by up to a share of the learning rate (1e-3) in each of ten steps.
 */
const parameterTolerance = { relative: 1e-3, absolute: 1e-4 };
/**
 * A hinge loss is a difference of log-probabilities of up to 8, and close to 0 nothing else is left of them: two units
 * in the last place of such a number.
 */
const lossRounding = 2 ** -20;
const scoreTolerance = { relative: 1e-4, absolute: 1e-4 };

/**
 * A key's bias adds the same to all scores of a query, and softmax takes that out again: its gradient is 0, what is
 * computed is rounding error alone, and Adam makes full steps of it. No output depends on it.
 */
const withoutKeyBiases = (values: HostTensors): HostTensors =>
  new Map([...values].filter(([name]) => !name.endsWith('.attention.self.key.bias')));

describe.each(catalog.methods.map((method) => ({ name: method.name, method })))('$name', ({ method }) => {
  it.each(posed)('computes the same compiled as eagerly: $task as $formulation', async (posing) => {
    const [expected, actual] = [await run(eager, method, posing), await run(compiled, method, posing)];
    expect(actual.status).toBe('completed');
    expect(actual.losses).toHaveLength(method.name === 'zero-shot' ? 0 : 10);
    // A hinge loss may be 0 on both sides, so the bound is on the difference, not on the quotient.
    for (const [step, loss] of actual.losses.entries()) {
      const wanted = expected.losses[step]!;
      const bound = Math.max(1e-5 * Math.abs(wanted), lossRounding);
      expect(Math.abs(loss - wanted), `loss of step ${step + 1}`).toBeLessThanOrEqual(bound);
    }
    expectAllClose(withoutKeyBiases(actual.values), withoutKeyBiases(expected.values), parameterTolerance);
    expectAllClose(actual.scores, expected.scores, scoreTolerance);
  });
});
