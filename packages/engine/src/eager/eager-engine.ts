import type { Engine, EngineName, HostTensors, PreparedStep, StepDefinition, TensorStore } from '../contract.ts';
import { ConfigError } from '../errors.ts';
import { EagerStep } from './eager-step.ts';
import { EagerStore } from './eager-store.ts';

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
