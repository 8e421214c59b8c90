import { countFlops } from '@attune/graph';
import * as tf from '@tensorflow/tfjs-core';
import type {
  HostTensors,
  NoiseRequest,
  NoiseSource,
  PreparedStep,
  StepCosts,
  StepDefinition,
  Tensors,
} from '../contract.ts';
import { noiseMask } from '../noise.ts';
import { explainFailure } from '../step-failure.ts';
import { batchKey, checkBatch, checkNewState, rememberNoise, traceStep } from '../trace-step.ts';
import type { EagerStore } from './eager-store.ts';
import { toHost, toTensor } from './eager-store.ts';
import { withBackend } from './with-backend.ts';

interface EagerResult {
  readonly state: Tensors;
  readonly outputs: HostTensors;
}

/** Runs the step's function itself, kernel by kernel, on a TensorFlow.js backend. */
export class EagerStep implements PreparedStep {
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
