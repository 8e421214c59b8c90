import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import {
  cloneTensor,
  cloneTensors,
  type HostTensors,
  hostTensor,
  type NoiseRequest,
  type PreparedStep,
  type StepArguments,
  type StepDefinition,
  type StepEngine,
  type TensorStore,
} from '@attune/base';
import { fromTensor, toTensor, toTensors } from '@attune/core';

// Registers the gradients of kernels.

type Noise = (request: NoiseRequest) => Float32Array;

/**
 * The StepEngine contract in its plainest form: values live in host memory, every call runs the function eagerly on
 * TensorFlow.js's own cpu backend. Slow, and meant to be obviously right; it counts no costs (0 FLOPs).
 */
export function referenceEngine(): StepEngine {
  return { createStore: (values) => new HostStore(values), prepare };
}

class HostStore implements TensorStore {
  readonly #values: Map<string, ReturnType<typeof cloneTensor>>;

  constructor(values: HostTensors) {
    this.#values = new Map(cloneTensors(values));
  }

  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** The values themselves, for the engine's own use. */
  get values(): HostTensors {
    return this.#values;
  }

  async read(names = this.names): Promise<HostTensors> {
    return new Map(names.map((name) => [name, cloneTensor(this.#existing(name))]));
  }

  write(values: HostTensors): void {
    for (const [name, value] of values) {
      const { dtype, shape } = this.#existing(name);
      if (value.dtype !== dtype || value.shape.join() !== shape.join()) {
        throw new Error(
          `store: "${name}" is ${dtype} [${shape.join(', ')}], got ${value.dtype} [${value.shape.join(', ')}]`,
        );
      }
      this.#values.set(name, cloneTensor(value));
    }
  }

  dispose(): void {
    this.#values.clear();
  }

  #existing(name: string) {
    const value = this.#values.get(name);
    if (value === undefined) throw new Error(`store: no tensor "${name}"`);
    return value;
  }
}

function prepare({ run, state, frozen }: StepDefinition): PreparedStep {
  const stores = [state, frozen].map((store) => {
    if (!(store instanceof HostStore)) throw new Error('prepare: the store was made by another engine');
    return store;
  });
  return {
    async run(batch, noise) {
      await tf.setBackend('cpu');
      const [stateValues, frozenValues] = stores.map(({ values }) => values) as [HostTensors, HostTensors];
      const result = runEagerly({ run, stateValues, frozenValues, batch, noise: noise ?? noNoise });
      state.write(result.state);
      return result.outputs;
    },
    costs: () => ({ flops: 0 }),
    dispose() {},
  };
}

function runEagerly(call: {
  readonly run: StepDefinition['run'];
  readonly stateValues: HostTensors;
  readonly frozenValues: HostTensors;
  readonly batch: HostTensors;
  readonly noise: Noise;
}): { readonly state: HostTensors; readonly outputs: HostTensors } {
  tf.engine().startScope();
  try {
    const step: StepArguments = {
      state: toTensors(call.stateValues),
      frozen: toTensors(call.frozenValues),
      batch: toTensors(call.batch),
      noise: (request) => toTensor(hostTensor(request.shape, call.noise(request))),
    };
    const { state, outputs } = call.run(step);
    return { state: fromTensors(state ?? new Map()), outputs: fromTensors(outputs) };
  } finally {
    tf.engine().endScope();
  }
}

function fromTensors(tensors: StepArguments['state']): HostTensors {
  return new Map([...tensors].map(([name, tensor]) => [name, fromTensor(tensor)]));
}

function noNoise({ site }: NoiseRequest): Float32Array {
  throw new Error(`step: asked for noise at "${site}", but none was given to run()`);
}
