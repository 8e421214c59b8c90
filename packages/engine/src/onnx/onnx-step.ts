import { countFlops } from '@attune/graph';
import * as ort from 'onnxruntime-node';
import type {
  HostTensor,
  HostTensors,
  NoiseRequest,
  NoiseSource,
  PreparedStep,
  StepCosts,
  StepDefinition,
} from '../contract.ts';
import { noiseMask } from '../noise.ts';
import { explainFailure } from '../step-failure.ts';
import type { TracedStep } from '../trace-step.ts';
import { batchKey, checkBatch, traceStep } from '../trace-step.ts';
import type { OnnxStore } from './onnx-store.ts';
import type { HeldSession, SessionCache } from './session-cache.ts';

/** A step compiled for one set of batch shapes. */
interface Variant {
  readonly held: HeldSession;
  /** What feeds each input of the model. */
  readonly inputs: readonly { readonly input: string; readonly kind: string; readonly name: string }[];
  readonly noise: ReadonlyMap<string, NoiseRequest>;
  /** State that the step replaces. */
  readonly nextState: readonly string[];
  readonly outputs: readonly string[];
}

/** Traces, compiles and runs a step; one compiled variant for each set of batch shapes. */
export class OnnxStep implements PreparedStep {
  readonly #definition: StepDefinition;
  readonly #state: OnnxStore;
  readonly #frozen: OnnxStore;
  readonly #sessions: SessionCache;
  readonly #traced = new Map<string, TracedStep>();
  readonly #variants = new Map<string, Promise<Variant>>();
  /** Steps of one engine share stores, so they run one after another. */
  readonly #exclusive: Exclusive;

  constructor(definition: StepDefinition, stores: { state: OnnxStore; frozen: OnnxStore }, parts: StepParts) {
    this.#definition = definition;
    this.#state = stores.state;
    this.#frozen = stores.frozen;
    this.#sessions = parts.sessions;
    this.#exclusive = parts.exclusive;
  }

  run(batch: HostTensors, noise?: NoiseSource): Promise<HostTensors> {
    const { name } = this.#definition;
    return this.#exclusive(() => explainFailure(name, batch, () => this.#run(batch, noise)));
  }

  costs(batch: HostTensors): StepCosts {
    return { flops: countFlops(this.#trace(batch).graph) };
  }

  dispose(): void {
    const variants = [...this.#variants.values()];
    this.#variants.clear();
    this.#traced.clear();
    for (const variant of variants) {
      void variant.then(
        ({ held }) => held.release(),
        () => undefined,
      );
    }
  }

  async #run(batch: HostTensors, noise: NoiseSource | undefined): Promise<HostTensors> {
    checkBatch(this.#definition.name, batch);
    const variant = await this.#variant(batch);
    const feeds = this.#feeds(variant, batch, noise);
    const results = await variant.held.session.run(feeds, this.#fetches(variant));
    this.#state.swap(variant.nextState);
    return new Map(variant.outputs.map((name) => [name, toHost(results[`output:${name}`]!)]));
  }

  #trace(batch: HostTensors): TracedStep {
    const key = batchKey(batch);
    const types = { state: this.#state.types, frozen: this.#frozen.types };
    const traced = this.#traced.get(key) ?? traceStep(this.#definition, types, batch);
    this.#traced.set(key, traced);
    return traced;
  }

  #variant(batch: HostTensors): Promise<Variant> {
    const key = batchKey(batch);
    const known = this.#variants.get(key);
    if (known !== undefined) {
      return known;
    }
    const compiled = compile(this.#trace(batch), this.#sessions);
    this.#variants.set(key, compiled);
    return compiled;
  }

  #feeds(variant: Variant, batch: HostTensors, noise: NoiseSource | undefined): Record<string, ort.Tensor> {
    const tensor = (kind: string, name: string): ort.Tensor => {
      switch (kind) {
        case 'state':
          return this.#state.current(name);
        case 'frozen':
          return this.#frozen.current(name);
        case 'batch':
          return toOrt(batch.get(name)!);
        default:
          return toOrt(noiseMask(this.#definition.name, variant.noise.get(name)!, noise));
      }
    };
    return Object.fromEntries(variant.inputs.map(({ input, kind, name }) => [input, tensor(kind, name)]));
  }

  #fetches(variant: Variant): Record<string, ort.Tensor | null> {
    return Object.fromEntries([
      ...variant.nextState.map((name) => [`next:${name}`, this.#state.spare(name)] as const),
      ...variant.outputs.map((name) => [`output:${name}`, null] as const),
    ]);
  }
}

/** Runs one thing at a time, in order. */
export type Exclusive = <T>(run: () => Promise<T>) => Promise<T>;

export interface StepParts {
  readonly sessions: SessionCache;
  readonly exclusive: Exclusive;
}

async function compile({ graph, noise }: TracedStep, sessions: SessionCache): Promise<Variant> {
  const held = await sessions.hold(graph);
  const inputs = graph.inputs.map(({ name: input }) => {
    const [kind, name] = splitName(input);
    return { input, kind, name };
  });
  const outputs = graph.outputs.map(({ name }) => splitName(name));
  const named = (kind: string): string[] => outputs.filter(([given]) => given === kind).map(([, name]) => name);
  return { held, inputs, noise, nextState: named('next'), outputs: named('output') };
}

function splitName(name: string): readonly [kind: string, name: string] {
  const colon = name.indexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
}

function toOrt({ dtype, data, shape }: HostTensor): ort.Tensor {
  return new ort.Tensor(dtype, data, [...shape]);
}

/** Outputs are allocated for each run, so their memory may be handed out. */
function toHost({ type, data, dims }: ort.Tensor): HostTensor {
  return { dtype: type as HostTensor['dtype'], shape: [...dims], data: data as Float32Array | Int32Array };
}
