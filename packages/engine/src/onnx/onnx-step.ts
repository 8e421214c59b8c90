import type { HostTensor, HostTensors, NoiseSource, PreparedStep, StepCosts, StepDefinition } from '@attune/base';
import * as ort from 'onnxruntime-node';
import { explainFailure, noiseMask } from '../step-failure.ts';
import { batchKey, checkBatch, traceStep } from '../trace-step.ts';
import { type CompileCall, compileStep, splitName, type Variant } from './compile-step.ts';
import type { OnnxStore } from './onnx-store.ts';
import { type ProgramOptions, planProgram, type StepProgram } from './plan-program.ts';
import { runSession } from './session.ts';

/** Runs one thing at a time, in order. */
type Exclusive = <T>(run: () => Promise<T>) => Promise<T>;

type StepParts = Pick<CompileCall, 'sessions' | 'compiler' | 'hoistedValues'> &
  ProgramOptions & {
    /** Programs of steps that have a key. */
    readonly programs: Map<string, StepProgram>;
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
  /** Of this step alone, when it has no key. */
  readonly #programs = new Map<string, StepProgram>();
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
    return { flops: this.#program(batch).flops };
  }

  dispose(): void {
    const variants = [...this.#variants.values()];
    this.#variants.clear();
    this.#programs.clear();
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
    const session = variant.held?.session;
    const results = session ? await runSession(session, this.#feeds(variant, given), this.#fetches(variant)) : {};
    variant.updates.run(results, (input) => this.#tensor(input, variant, given).data as HostTensor['data']);
    this.#state.swap(variant.nextState);
    return new Map(variant.outputs.map((name) => [name, toHost(results[`output:${name}`]!)]));
  }

  #variant(batch: HostTensors): Promise<Variant> {
    const key = batchKey(batch);
    const known = this.#variants.get(key);
    if (known !== undefined) {
      return known;
    }
    const compiled = compileStep(this.#program(batch), { ...this.#parts, state: this.#state, frozen: this.#frozen });
    this.#variants.set(key, compiled);
    return compiled;
  }

  /** The program for a batch's shapes; steps that promise to be equal share it. */
  #program(batch: HostTensors): StepProgram {
    const { name, key, perExample = [] } = this.#definition;
    const types = { state: this.#state.types, frozen: this.#frozen.types };
    const [state, frozen] = [this.#state.names, this.#frozen.names];
    const programs = key === undefined ? this.#programs : this.#parts.programs;
    const id = JSON.stringify([name, key, batchKey(batch), state, frozen]);
    const names = { state, frozen, perExample };
    const { without } = this.#parts;
    const program =
      programs.get(id) ?? planProgram(traceStep(this.#definition, types, batch), { names, batch, without });
    programs.set(id, program);
    return program;
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
