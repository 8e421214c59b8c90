import { ConfigError, type HostTensors, type PreparedStep, type StepDefinition, type TensorStore } from '@attune/base';
import type { PassName } from '@attune/graph';
import type { Engine, OnnxDevice } from '../contract.ts';
import type { HoistedValues } from './hoist/hoisted-values.ts';
import { OnnxStep } from './onnx-step.ts';
import { OnnxStore } from './onnx-store.ts';
import type { StepProgram } from './plan-program.ts';
import { SessionCache, sessionOptions } from './session.ts';
import { UpdateCompiler } from './update/compile-update.ts';

interface OnnxEngineParts {
  readonly threads: number;
  readonly device: OnnxDevice;
  readonly maxSessions: number;
  /** Absent: nothing is kept. */
  readonly hoistedValues?: HoistedValues;
  /** `hoistedValues` when it is the engine's own, to be disposed with it. */
  readonly own?: HoistedValues;
  readonly without: ReadonlySet<PassName>;
}

/** The compiled engine; `createOnnxEngine` makes it. */
export class OnnxEngine implements Engine {
  readonly name = 'onnx';
  readonly device: string;
  readonly #sessions: SessionCache;
  readonly #compiler = new UpdateCompiler();
  readonly #programs = new Map<string, StepProgram>();
  readonly #hoistedValues: HoistedValues | undefined;
  readonly #own: HoistedValues | undefined;
  readonly #without: ReadonlySet<PassName>;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ threads, device, maxSessions, hoistedValues, own, without }: OnnxEngineParts) {
    this.#without = without;
    this.device = device;
    this.#hoistedValues = hoistedValues;
    this.#own = own;
    this.#sessions = new SessionCache(sessionOptions(threads, device), maxSessions);
  }

  createStore(values: HostTensors): TensorStore {
    return new OnnxStore(values);
  }

  prepare(definition: StepDefinition): PreparedStep {
    const stores = { state: ownStore(definition, 'state'), frozen: ownStore(definition, 'frozen') };
    return new OnnxStep(definition, stores, {
      sessions: this.#sessions,
      compiler: this.#compiler,
      hoistedValues: this.#hoistedValues,
      programs: this.#programs,
      without: this.#without,
      exclusive: (run) => this.#exclusive(run),
    });
  }

  async dispose(): Promise<void> {
    await this.#last;
    this.#own?.dispose();
    await this.#sessions.dispose();
  }

  #exclusive<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function ownStore(definition: StepDefinition, which: 'state' | 'frozen'): OnnxStore {
  const store = definition[which];
  if (!(store instanceof OnnxStore)) {
    throw new ConfigError(`step "${definition.name}": its ${which} store was not made by this engine's createStore`);
  }
  return store;
}
