import { countFlops } from '@attune/graph';
import * as ort from 'onnxruntime-node';
import type { HostTensor, HostTensors, NoiseSource, PreparedStep, StepCosts, StepDefinition } from '../contract.ts';
import { noiseMask } from '../noise.ts';
import { explainFailure } from '../step-failure.ts';
import type { TracedStep } from '../trace-step.ts';
import { batchKey, checkBatch, traceStep } from '../trace-step.ts';
import type { CompileCall, Variant } from './compile-step.ts';
import { compileStep, splitName } from './compile-step.ts';
import { freeCopies } from './free-copies.ts';
import type { OnnxStore } from './onnx-store.ts';

/** Runs one thing at a time, in order. */
export type Exclusive = <T>(run: () => Promise<T>) => Promise<T>;

export type StepParts = Pick<CompileCall, 'sessions' | 'compiler' | 'kept'> & {
  /** Steps of one engine share stores, so they run one after another. */
  readonly exclusive: Exclusive;
};

/** What one run is given. */
interface StepInputs {
  readonly batch: HostTensors;
  readonly noise: NoiseSource | undefined;
  readonly hoisted: ReadonlyMap<string, ort.Tensor> | undefined;
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
        ({ held, hoisted }) => {
          held?.release();
          hoisted?.release();
        },
        () => undefined,
      );
    }
  }

  async #run(batch: HostTensors, noise: NoiseSource | undefined): Promise<HostTensors> {
    checkBatch(this.#definition.name, batch);
    const variant = await this.#variant(batch);
    const given = { batch, noise, hoisted: await variant.hoisted?.run(batch) };
    const fetches = this.#fetches(variant);
    const results = (await variant.held?.session.run(this.#feeds(variant, given), fetches)) ?? {};
    freeCopies(
      results,
      Object.keys(fetches).filter((name) => fetches[name] !== null),
    );
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
    const stores = { state: this.#state, frozen: this.#frozen };
    const perExample = this.#definition.perExample ?? [];
    const compiled = compileStep(this.#trace(batch), { ...this.#parts, ...stores, batch, perExample });
    this.#variants.set(key, compiled);
    return compiled;
  }

  #feeds(variant: Variant, given: StepInputs): Record<string, ort.Tensor> {
    return Object.fromEntries(variant.inputs.map((input) => [input, this.#tensor(input, variant, given)]));
  }

  /** A graph input by its name, "<kind>:<name>". */
  #tensor(input: string, variant: Variant, { batch, noise, hoisted }: StepInputs): ort.Tensor {
    const [kind, name] = splitName(input);
    switch (kind) {
      case 'state':
        return this.#state.current(name);
      case 'frozen':
        return this.#frozen.current(name);
      case 'batch':
        return toOrt(batch.get(name)!);
      case 'hoisted':
        return hoisted!.get(input)!;
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

function toOrt({ dtype, data, shape }: HostTensor): ort.Tensor {
  return new ort.Tensor(dtype, data, [...shape]);
}

/** Outputs are allocated for each run, so their memory may be handed out. */
function toHost({ type, data, dims }: ort.Tensor): HostTensor {
  return { dtype: type as HostTensor['dtype'], shape: [...dims], data: data as Float32Array | Int32Array };
}
