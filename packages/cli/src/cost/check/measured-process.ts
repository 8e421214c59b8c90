import { type HostTensor, type HostTensors, type ParameterSpec, zerosTensor } from '@attune/core';
import { createOnnxEngine } from '@attune/engine';
import { planStep, type StepRequest, stepTypes } from '../plan-step.ts';
import { type CheckCase, requestOf } from './check-case.ts';
import type { MeasureCall, Measured } from './measure-step.ts';
import { peakResidentBytes, resetPeak, residentBytes } from './resident-memory.ts';

/** The entry of a process that runs one step several times and says what it took; started with `--expose-gc`. */
process.on('message', (call: MeasureCall) => {
  void measure(call).then((measured) => process.send!(measured, () => process.exit()));
});

async function measure({ step, steps, threads }: MeasureCall): Promise<Measured> {
  // A small model of the same depth first, so that loading and the heap of tracing are in the baseline.
  await runSteps(requestOf({ ...step, ...smallest }), { steps: 1, threads });
  collectGarbage();
  const baseline = residentBytes();
  const stepMs = await runSteps(requestOf(step), { steps, threads });
  const peak = peakResidentBytes();
  return { stepMs, ...(baseline === undefined || peak === undefined ? {} : { peakBytes: peak - baseline }) };
}

const smallest = { hiddenSize: 32, vocabSize: 64, batchSize: 2, length: 16 } satisfies Partial<CheckCase>;

/** Milliseconds of each step, the first of which also compiles. */
async function runSteps(
  request: StepRequest,
  { steps, threads }: Omit<MeasureCall, 'step'>,
): Promise<readonly number[]> {
  const { plan, run, batch } = planStep(request);
  const engine = await createOnnxEngine({ threads });
  const types = stepTypes(plan);
  const specs = new Map([...plan.trainable, ...plan.frozen].map((spec) => [spec.name, spec]));
  const valuesOf = (kind: 'state' | 'frozen'): HostTensors =>
    new Map([...types[kind]].map(([name, { shape }]) => [name, initialValue(specs.get(name), shape)]));
  const [state, frozen] = [engine.createStore(valuesOf('state')), engine.createStore(valuesOf('frozen'))];
  const step = engine.prepare({ name: 'train', run, state, frozen });
  const times: number[] = [];
  for (let index = 0; index < steps; index++) {
    // What stores were made from, and what the step before handed back, is garbage.
    collectGarbage();
    // From the second step on: in the first one state moves to where updates change it, and its old copy is garbage too.
    if (index === 1) resetPeak();
    const startedMs = performance.now();
    await step.run(batch);
    times.push(performance.now() - startedMs);
  }
  for (const owned of [step, state, frozen]) owned.dispose();
  await engine.dispose();
  return times;
}

/** Small, uneven weights, as cheap to make as can be; with zeros alone every activation would be zero, too. */
function initialValue(spec: ParameterSpec | undefined, shape: readonly number[]): HostTensor {
  const tensor = zerosTensor(shape);
  const { data } = tensor;
  if (spec?.initializer.kind === 'ones') data.fill(1);
  else if (spec === undefined || spec.initializer.kind === 'zeros') data.fill(0);
  else for (let index = 0; index < data.length; index++) data[index] = (((index * 7919) % 1000) / 1000 - 0.5) * 0.06;
  return tensor;
}

function collectGarbage(): void {
  (globalThis as { readonly gc?: () => void }).gc?.();
}
