import type { KernelName } from '@attune/graph';
import { evaluateGraph, trace, validateGraph } from '@attune/graph';
import { expectAllClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toHost } from '../../src/eager/eager-store.ts';
import type { Engine, HostTensors, StepDefinition } from '../../src/index.ts';
import { createOnnxEngine, createWasmEngine } from '../../src/index.ts';
import type { KernelCase, Sample } from './kernel-case.ts';
import { kernelCases, rewrittenCases } from './kernel-cases.ts';

// ONNX Runtime approximates exp, erf, tanh and the like to within a few units in the last place.
const TOLERANCE = { relative: 2e-5, absolute: 2e-6 };
const RUNS = { seed: 1, numRuns: 20, includeErrorInReport: true };

let onnx: Engine;
let wasm: Engine;

beforeAll(async () => {
  await tf.setBackend('cpu');
  onnx = await createOnnxEngine();
  wasm = await createWasmEngine();
});

afterAll(() => onnx.dispose());

describe.each(Object.keys(kernelCases) as KernelName[])('%s', (kernel) => {
  test('compiled, eager and evaluated as on the cpu backend', async () => {
    const traced = await checkAll(kernelCases[kernel]);
    expect([...traced]).toContain(kernel);
  });
});

test.each(Object.keys(rewrittenCases))('%s is as on the cpu backend', async (kernel) => {
  const traced = await checkAll(rewrittenCases[kernel]!);
  expect([...traced]).not.toContain(kernel);
});

/** Runs samples of a case everywhere; returns the kernels that their graphs are made of. */
async function checkAll(samples: KernelCase): Promise<Set<string>> {
  const kernels = new Set<string>();
  const check = async (sample: Sample): Promise<void> => {
    const batch: HostTensors = new Map(sample.inputs.map((input, index) => [`${index}`, input]));
    const expected = onCpu(sample, batch);
    const graph = traced(sample);
    validateGraph(graph);
    for (const { kernel } of graph.nodes) {
      kernels.add(kernel);
    }
    for (const [where, outputs] of [
      ['evaluated', evaluated(graph, batch)],
      ['onnx', await run(onnx, sample, batch)],
      ['wasm', await run(wasm, sample, batch)],
    ] as const) {
      expectAllClose(at(where, outputs), at(where, expected), TOLERANCE);
    }
  };
  await fc.assert(fc.asyncProperty(samples, check), RUNS);
  return kernels;
}

/** Outputs under names that say who computed them. */
function at(where: string, outputs: HostTensors): HostTensors {
  return new Map([...outputs].map(([name, tensor]) => [`${where} ${name}`, tensor]));
}

function outputsOf({ fn }: Sample, tensors: Iterable<tf.Tensor>): ReadonlyMap<string, tf.Tensor> {
  const result = fn(...tensors);
  const host = (tensor: tf.Tensor): tf.Tensor => (tensor.dtype === 'bool' ? tf.cast(tensor, 'int32') : tensor);
  return new Map([result].flat().map((tensor, index) => [`${index}`, host(tensor)]));
}

function traced(sample: Sample): ReturnType<typeof trace> {
  const specs = sample.inputs.map(({ shape, dtype }, index) => ({ name: `${index}`, shape, dtype }));
  return trace(({ inputs }) => outputsOf(sample, inputs.values()), specs);
}

function evaluated(graph: ReturnType<typeof trace>, batch: HostTensors): HostTensors {
  const inputs = new Map([...batch].map(([name, { data }]) => [name, data]));
  return evaluateGraph(graph, inputs) as HostTensors;
}

async function run(engine: Engine, sample: Sample, batch: HostTensors): Promise<HostTensors> {
  const empty = engine.createStore(new Map());
  const definition: StepDefinition['run'] = (step) => ({ outputs: outputsOf(sample, step.batch.values()) });
  const step = engine.prepare({ name: 'kernel', run: definition, state: empty, frozen: empty });
  const outputs = await step.run(batch);
  step.dispose();
  return outputs;
}

function onCpu(sample: Sample, batch: HostTensors): HostTensors {
  let outputs: HostTensors = new Map();
  tf.tidy(() => {
    const tensors = [...batch.values()].map(({ data, shape, dtype }) => tf.tensor(data.slice(), [...shape], dtype));
    outputs = new Map([...outputsOf(sample, tensors)].map(([name, tensor]) => [name, toHost(tensor)]));
  });
  return outputs;
}
