import type { Graph } from '@attune/graph';
import { evaluateGraph, trace, validateGraph } from '@attune/graph';
import { expectAllClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { toHost } from '../../src/eager/eager-store.ts';
import type { Engine, HostTensors, StepDefinition } from '../../src/index.ts';
import { createOnnxEngine, createWasmEngine } from '../../src/index.ts';
import type { KernelCase, Sample } from './kernel-case.ts';

// ONNX Runtime approximates exp, erf, tanh and the like to within a few units in the last place.
const TOLERANCE = { relative: 2e-5, absolute: 2e-6 };

export interface Engines {
  readonly onnx: Engine;
  readonly wasm: Engine;
}

export async function startEngines(): Promise<Engines> {
  await tf.setBackend('cpu');
  return { onnx: await createOnnxEngine(), wasm: await createWasmEngine() };
}

/**
 * Samples of a case give the same compiled, eager on wasm, and evaluated, as on the cpu backend.
 *
 * @returns  the kernels that their graphs are made of
 */
export async function checkEverywhere(
  { onnx, wasm }: Engines,
  samples: KernelCase,
  numRuns: number,
): Promise<string[]> {
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
  await fc.assert(fc.asyncProperty(samples, check), { seed: 1, numRuns, includeErrorInReport: true });
  return [...kernels];
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

function traced(sample: Sample): Graph {
  const specs = sample.inputs.map(({ shape, dtype }, index) => ({ name: `${index}`, shape, dtype }));
  return trace(({ inputs }) => outputsOf(sample, inputs.values()), specs);
}

function evaluated(graph: Graph, batch: HostTensors): HostTensors {
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
