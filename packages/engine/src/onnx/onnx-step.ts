import { countFlops, fuse, reduceWork, splitUpdates } from '@attune/graph';
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
import type { UpdateCompiler } from './update/compile-update.ts';
import { StepUpdates } from './update/step-updates.ts';

/** A step compiled for one set of batch shapes. */
interface Variant {
  /** Absent when everything is an update. */
  readonly held: HeldSession | undefined;
  /** Names of the model's inputs. */
  readonly inputs: readonly string[];
  readonly noise: ReadonlyMap<string, NoiseRequest>;
  /** State that the model itself writes anew. */
  readonly nextState: readonly string[];
  /** State that is changed in place, after the model has run. */
  readonly updates: StepUpdates;
  readonly outputs: readonly string[];
}

/** Traces, compiles and runs a step; one compiled variant for each set of batch shapes. */
export class OnnxStep implements PreparedStep {
  readonly #definition: StepDefinition;
  readonly #state: OnnxStore;
  readonly #frozen: OnnxStore;
  readonly #parts: StepParts;
  readonly #traced = new Map<string, TracedStep>();
  readonly #variants = new Map<string, Promise<Variant>>();

  constructor(definition: StepDefinition, stores: { state: OnnxStore; frozen: OnnxStore }, parts: StepParts) {
    this.#definition = definition;
    this.#state = stores.state;
    this.#frozen = stores.frozen;
    this.#parts = parts;
  }

  run(batch: HostTensors, noise?: NoiseSource): Promise<HostTensors> {
    const { name } = this.#definition;
    return this.#parts.exclusive(() => explainFailure(name, batch, () => this.#run(batch, noise)));
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
        ({ held }) => held?.release(),
        () => undefined,
      );
    }
  }

  async #run(batch: HostTensors, noise: NoiseSource | undefined): Promise<HostTensors> {
    checkBatch(this.#definition.name, batch);
    const variant = await this.#variant(batch);
    const given = { batch, noise };
    const results = (await variant.held?.session.run(this.#feeds(variant, given), this.#fetches(variant))) ?? {};
    variant.updates.run(results, (input) => this.#tensor(input, variant, given).data as HostTensor['data']);
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
    const compiled = compile(this.#trace(batch), { ...this.#parts, state: this.#state });
    this.#variants.set(key, compiled);
    return compiled;
  }

  #feeds(variant: Variant, given: StepInputs): Record<string, ort.Tensor> {
    return Object.fromEntries(variant.inputs.map((input) => [input, this.#tensor(input, variant, given)]));
  }

  /** A graph input by its name, "<kind>:<name>". */
  #tensor(input: string, variant: Variant, { batch, noise }: StepInputs): ort.Tensor {
    const [kind, name] = splitName(input);
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
  }

  #fetches(variant: Variant): Record<string, ort.Tensor | null> {
    return Object.fromEntries([
      ...variant.nextState.map((name) => [`next:${name}`, this.#state.spare(name)] as const),
      ...variant.outputs.map((name) => [`output:${name}`, null] as const),
      ...Object.entries(variant.updates.fetches),
    ]);
  }
}

/** Runs one thing at a time, in order. */
export type Exclusive = <T>(run: () => Promise<T>) => Promise<T>;

export interface StepParts {
  readonly sessions: SessionCache;
  readonly compiler: UpdateCompiler;
  /** Steps of one engine share stores, so they run one after another. */
  readonly exclusive: Exclusive;
}

type CompileParts = StepParts & { readonly state: OnnxStore };

/** What one run is given. */
interface StepInputs {
  readonly batch: HostTensors;
  readonly noise: NoiseSource | undefined;
}

async function compile({ graph, noise }: TracedStep, parts: CompileParts): Promise<Variant> {
  const pairs = parts.state.names.map((name) => ({ input: `state:${name}`, output: `next:${name}` }));
  const split = splitUpdates(reduceWork(graph), pairs);
  const { updates } = split;
  const compute = fuse(split.compute);
  const held = compute.outputs.length === 0 ? undefined : await parts.sessions.hold(compute);
  const outputs = compute.outputs.map(({ name }) => splitName(name));
  const named = (kind: string): string[] => outputs.filter(([given]) => given === kind).map(([, name]) => name);
  return {
    held,
    inputs: compute.inputs.map(({ name }) => name),
    noise,
    nextState: named('next'),
    updates: new StepUpdates(updates, compute, { store: parts.state, compiler: parts.compiler }),
    outputs: named('output'),
  };
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
