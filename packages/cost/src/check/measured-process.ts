import { readFileSync, writeFileSync } from 'node:fs';
import { type HostTensor, type HostTensors, zerosTensor } from '@attune/base';
import { collectGarbage } from '@attune/base/node';
import type { ParameterSpec } from '@attune/core';
import { createOnnxEngine } from '@attune/engine';
import { planStep, type StepRequest, stepTypes } from '../plan-step.ts';
import { methodsAt, requestOf } from './check-costs.ts';
import type { CheckCase, MeasureCall, Measured } from './measure-step.ts';

/** Bytes of this process that are in memory now; undefined where the system has no /proc. */
function residentBytes(): number | undefined {
  return statusBytes('VmRSS');
}

/** The most there were since `resetPeak`. */
function peakResidentBytes(): number | undefined {
  return statusBytes('VmHWM');
}

function resetPeak(): void {
  // 5 resets the mark, see proc_pid_clear_refs(5).
  if (residentBytes() !== undefined) writeFileSync('/proc/self/clear_refs', '5');
}

function statusBytes(field: string): number | undefined {
  try {
    const found = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'));
    return found === null ? undefined : 1024 * Number(found[1]);
  } catch {
    return undefined;
  }
}

/** The entry of a process that runs one step several times and says what it took; started with `--expose-gc`. */
process.on('message', (call: MeasureCall) => {
  void measure(call).then((measured) => process.send!(measured, () => process.exit()));
});

async function measure({ step, steps, threads, catalogUrl }: MeasureCall): Promise<Measured> {
  const methods = await methodsAt(catalogUrl);
  // A small model of the same depth first, so that loading and the heap of tracing are in the baseline.
  await runSteps(requestOf({ ...step, ...smallest }, methods), { steps: 1, threads });
  await collectGarbage();
  const baseline = residentBytes();
  const { stepMs, peakBytes } = await runSteps(requestOf(step, methods), { steps, threads });
  return { stepMs, ...(baseline === undefined || peakBytes === undefined ? {} : { peakBytes: peakBytes - baseline }) };
}

const smallest = { hiddenSize: 32, vocabSize: 64, batchSize: 2, length: 16 } satisfies Partial<CheckCase>;

async function runSteps(
  request: StepRequest,
  { steps, threads }: Pick<MeasureCall, 'steps' | 'threads'>,
): Promise<Measured> {
  const { plan, run, batch } = planStep(request);
  const engine = await createOnnxEngine({ threads });
  const types = stepTypes(plan);
  const specs = new Map([...plan.trainable, ...plan.frozen].map((spec) => [spec.name, spec]));
  const valuesOf = (kind: 'state' | 'frozen'): HostTensors =>
    new Map([...types[kind]].map(([name, { shape }]) => [name, initialValue(specs.get(name), shape)]));
  const [state, frozen] = [engine.createStore(valuesOf('state')), engine.createStore(valuesOf('frozen'))];
  const step = engine.prepare({ name: 'train', run, state, frozen });
  const stepMs: number[] = [];
  const peaks: number[] = [];
  for (let index = 0; index < steps; index++) {
    // What stores were made from, and what the step before handed back, is garbage.
    await collectGarbage();
    resetPeak();
    const startedMs = performance.now();
    await step.run(batch);
    stepMs.push(performance.now() - startedMs);
    peaks.push(peakResidentBytes() ?? Number.NaN);
  }
  for (const owned of [step, state, frozen]) owned.dispose();
  await engine.dispose();
  return { stepMs, ...smallestPeak(peaks) };
}

/**
 * The smallest peak of the steps after the first, which also compiles: what else the process holds for a moment can
 * only add to it.
 */
function smallestPeak(peaks: readonly number[]): Pick<Measured, 'peakBytes'> {
  const peakBytes = Math.min(...peaks.slice(1));
  return Number.isFinite(peakBytes) ? { peakBytes } : {};
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
