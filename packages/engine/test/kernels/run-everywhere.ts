import type { HostTensors, StepDefinition } from '@attune/base';
import { evaluateGraph, type Graph, trace, validateGraph } from '@attune/graph';
import { expectAllClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import type { Engine } from '../../src/contract.ts';
import { toHost } from '../../src/eager/eager-store.ts';
import { testedEngines } from '../engines.ts';
import type { KernelCase, Sample } from './kernel-case.ts';

// ONNX Runtime approximates exp, erf, tanh and the like to within a few units in the last place.
const TOLERANCE = { relative: 2e-5, absolute: 2e-6 };

/** Engines by name: all that load here, on the CPU; what a device approximates is the runtime's. */
export type Engines = ReadonlyMap<string, Engine>;

export async function startEngines(): Promise<Engines> {
  await tf.setBackend('cpu');
  const loaded = testedEngines.filter(({ reason, device }) => reason === undefined && device === 'cpu');
  return new Map(await Promise.all(loaded.map(async ({ name, create }) => [name, await create()] as const)));
}

/**
 * Samples of a case give the same on every engine, and evaluated, as on the cpu backend.
 *
 * @returns  the kernels that their graphs are made of
 */
export async function checkEverywhere(engines: Engines, samples: KernelCase, numRuns: number): Promise<string[]> {
  const kernels = new Set<string>();
  const check = async (sample: Sample): Promise<void> => {
    const batch: HostTensors = new Map(sample.inputs.map((input, index) => [`${index}`, input]));
    const expected = onCpu(sample, batch);
    const graph = traced(sample);
    validateGraph(graph);
    for (const { kernel } of graph.nodes) {
      kernels.add(kernel);
    }
    expectAllClose(at('evaluated', evaluated(graph, batch)), at('evaluated', expected), TOLERANCE);
    for (const [name, engine] of engines) {
      expectAllClose(at(name, await run(engine, sample, batch)), at(name, expected), TOLERANCE);
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
