import {
  ConfigError,
  type HostTensors,
  type NoiseRequest,
  type NoiseSource,
  type PreparedStep,
  type StepCosts,
  type StepDefinition,
  type TensorStore,
  type Tensors,
} from '@attune/base';
import { countFlops } from '@attune/graph';
import * as tf from '@tensorflow/tfjs-core';
import type { Engine, EngineName } from '../contract.ts';
import { explainFailure, noiseMask } from '../step-failure.ts';
import { batchKey, checkBatch, checkNewState, rememberNoise, traceStep } from '../trace-step.ts';
import { EagerStore, toHost, toTensor, withBackend } from './eager-store.ts';

interface EagerResult {
  readonly state: Tensors;
  readonly outputs: HostTensors;
}

/** Runs the step's function itself, kernel by kernel, on a TensorFlow.js backend. */
class EagerStep implements PreparedStep {
  readonly #definition: StepDefinition;
  readonly #stores: { readonly state: EagerStore; readonly frozen: EagerStore };
  readonly #backend: string;
  readonly #costs = new Map<string, StepCosts>();

  constructor(definition: StepDefinition, stores: { state: EagerStore; frozen: EagerStore }, backend: string) {
    this.#definition = definition;
    this.#stores = stores;
    this.#backend = backend;
  }

  run(batch: HostTensors, noise?: NoiseSource): Promise<HostTensors> {
    const { name } = this.#definition;
    // Nothing waits in here, so steps run one after another.
    return explainFailure(name, batch, async () => {
      checkBatch(name, batch);
      const { state, outputs } = withBackend(this.#backend, () => this.#compute(batch, noise));
      this.#stores.state.replace(state);
      return outputs;
    });
  }

  costs(batch: HostTensors): StepCosts {
    const key = batchKey(batch);
    const types = { state: this.#stores.state.types, frozen: this.#stores.frozen.types };
    const costs = this.#costs.get(key) ?? { flops: countFlops(traceStep(this.#definition, types, batch).graph) };
    this.#costs.set(key, costs);
    return costs;
  }

  dispose(): void {
    this.#costs.clear();
  }

  #compute(batch: HostTensors, noise: NoiseSource | undefined): EagerResult {
    let computed: EagerResult = { state: new Map(), outputs: new Map() };
    tf.tidy(() => {
      const result = this.#definition.run({
        state: this.#stores.state.tensors,
        frozen: this.#stores.frozen.tensors,
        batch: new Map([...batch].map(([name, tensor]) => [name, toTensor(tensor)])),
        noise: noiseTensors(this.#definition.name, noise),
      });
      checkNewState(this.#definition.name, result, this.#stores.state.types);
      const outputs = new Map([...result.outputs].map(([name, tensor]) => [name, toHost(tensor)]));
      // A clone is its own tensor over the same data, so an old value handed back survives its disposal.
      const state = new Map([...(result.state ?? [])].map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
      computed = { state, outputs };
    });
    return computed;
  }
}

/** Masks by site, each made once per run. */
function noiseTensors(step: string, noise: NoiseSource | undefined): (request: NoiseRequest) => tf.Tensor {
  const requests = new Map<string, NoiseRequest>();
  const tensors = new Map<string, tf.Tensor>();
  return (request) => {
    rememberNoise(step, requests, request);
    const tensor = tensors.get(request.site) ?? toTensor(noiseMask(step, request, noise));
    tensors.set(request.site, tensor);
    return tensor;
  };
}

interface EagerEngineParts {
  readonly name: EngineName;
  readonly device: string;
  /** An initialised TensorFlow.js backend. */
  readonly backend: string;
}

/** Runs steps kernel by kernel on a TensorFlow.js backend. */
export class EagerEngine implements Engine {
  readonly name: EngineName;
  readonly device: string;
  readonly #backend: string;

  constructor({ name, device, backend }: EagerEngineParts) {
    this.name = name;
    this.device = device;
    this.#backend = backend;
  }

  createStore(values: HostTensors): TensorStore {
    return new EagerStore(values, this.#backend);
  }

  prepare(definition: StepDefinition): PreparedStep {
    const stores = { state: ownStore(definition, 'state'), frozen: ownStore(definition, 'frozen') };
    return new EagerStep(definition, stores, this.#backend);
  }

  /** The backend stays: it is one per process. */
  async dispose(): Promise<void> {}
}

function ownStore(definition: StepDefinition, which: 'state' | 'frozen'): EagerStore {
  const store = definition[which];
  if (!(store instanceof EagerStore)) {
    throw new ConfigError(`step "${definition.name}": its ${which} store was not made by this engine's createStore`);
  }
  return store;
}
