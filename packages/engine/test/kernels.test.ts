import { trace } from '@attune/graph';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toHost } from '../src/eager/eager-store.ts';
import type { Engine, HostTensor, HostTensors, StepDefinition } from '../src/index.ts';
import { expectAllClose } from './close.ts';
import { describeEngines } from './engines.ts';
import type { Case } from './kernel-cases.ts';
import { kernelCases } from './kernel-cases.ts';

// ONNX Runtime approximates exp, erf, tanh and the like to within a few units in the last place.
const TOLERANCE = { relative: 2e-5, absolute: 2e-6 };

beforeAll(async () => {
  await tf.setBackend('cpu');
});

// What a device other than the CPU may approximate is the runtime's, so only the CPU is held to the tolerance.
describeEngines(
  ({ create }) => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await create();
    });
    afterAll(() => engine.dispose());

    describe.each(Object.keys(kernelCases) as (keyof typeof kernelCases)[])('%s', (kernel) => {
      test.each(kernelCases[kernel].map((testCase, index) => ({ index, testCase })))(
        'case $index agrees with the cpu backend',
        async ({ testCase }) => {
          const batch = inputsOf(testCase);
          expect(kernelsOf(testCase)).toContain(kernel);
          expectAllClose(await outputsOn(engine, testCase, batch), onCpu(testCase, batch), TOLERANCE);
        },
      );
    });
  },
  ({ name, device }) => name !== 'onnx' || device === 'cpu',
);

function outputsOf({ fn }: Case, tensors: Iterable<tf.Tensor>): ReadonlyMap<string, tf.Tensor> {
  const result = fn(...tensors);
  return new Map((Array.isArray(result) ? result : [result]).map((tensor, index) => [`${index}`, tensor]));
}

async function outputsOn(engine: Engine, testCase: Case, batch: HostTensors): Promise<HostTensors> {
  const empty = engine.createStore(new Map());
  const run: StepDefinition['run'] = (step) => ({ outputs: outputsOf(testCase, step.batch.values()) });
  const step = engine.prepare({ name: 'kernel', run, state: empty, frozen: empty });
  const outputs = await step.run(batch);
  step.dispose();
  return outputs;
}

function onCpu(testCase: Case, batch: HostTensors): HostTensors {
  let outputs: HostTensors = new Map();
  tf.tidy(() => {
    const tensors = [...batch.values()].map(({ data, shape, dtype }) => tf.tensor(data.slice(), [...shape], dtype));
    outputs = new Map([...outputsOf(testCase, tensors)].map(([name, tensor]) => [name, toHost(tensor)]));
  });
  return outputs;
}

function kernelsOf(testCase: Case): string[] {
  const specs = testCase.shapes.map((shape, index) => ({
    name: `${index}`,
    shape,
    dtype: testCase.dtype ?? 'float32',
  }));
  return trace(({ inputs }) => outputsOf(testCase, inputs.values()), specs).nodes.map(({ kernel }) => kernel);
}

function inputsOf({ shapes, values = 'any', dtype = 'float32' }: Case): HostTensors {
  return new Map(shapes.map((shape, index) => [`${index}`, hostTensor(shape, values, dtype, index + 1)]));
}

/** A fixed, irregular sequence: multiples of the golden ratio modulo one. */
function hostTensor(shape: readonly number[], values: string, dtype: 'float32' | 'int32', seed: number): HostTensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const number = (index: number): number => {
    const uniform = ((index + 3 * seed) * 0.6180339887) % 1;
    switch (values) {
      case 'positive':
        return 0.2 + 2 * uniform;
      case 'integers':
        return Math.floor(7 * uniform) - 3;
      default:
        return 4 * uniform - 2;
    }
  };
  const data = Array.from({ length }, (_, index) => number(index));
  return dtype === 'float32'
    ? { dtype, shape, data: Float32Array.from(data) }
    : { dtype, shape, data: Int32Array.from(data) };
}
