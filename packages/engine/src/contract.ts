import type { StepEngine } from '@attune/base';
import type { PassName } from '@attune/graph';
import type { HoistedValues } from './onnx/hoist/hoisted-values.ts';

/** Which engine: ONNX Runtime runs compiled steps, the others run them eagerly on a TensorFlow.js backend. */
export type EngineName = 'onnx' | 'wasm' | 'tensorflow' | 'tensorflow-gpu';

/** A step engine with a name, as `attune doctor` lists them. */
export interface Engine extends StepEngine {
  /** "onnx", "wasm", ... */
  readonly name: EngineName;
  /** Where the arithmetic really happens, e.g. "cpu". */
  readonly device: string;
  /** Frees what the engine keeps between steps. Stores and steps are disposed by their owners. */
  dispose(): Promise<void>;
}

/** What `attune doctor` says about one engine. */
export interface EngineReport {
  readonly name: EngineName;
  readonly available: boolean;
  /** Version of the library that computes, when it is installed. */
  readonly version?: string;
  /** Where it computes, when it is available; unless asked otherwise, where there is a choice. */
  readonly device?: string;
  /** The choice of devices, where there is one. */
  readonly devices?: readonly DeviceReport[];
  /** Why it is not available. */
  readonly reason?: string;
  /** What would make it available. */
  readonly fix?: string;
}

/** What `attune doctor` says about one device of an engine. */
export interface DeviceReport {
  readonly name: string;
  readonly available: boolean;
  /** The runtime's own words why not. */
  readonly reason?: string;
  readonly fix?: string;
}

/** Where ONNX Runtime may compute. "cpu" is everywhere, the others where the runtime finds library and hardware. */
export const onnxDevices = ['cpu', 'webgpu', 'cuda'] as const;
/** A device of ONNX Runtime. */
export type OnnxDevice = (typeof onnxDevices)[number];

/** How the onnx engine runs; everything has a default. */
export interface OnnxEngineOptions {
  /** Threads inside one operator; 1 unless given. Up to 8, their number does not change a bit of any result. */
  readonly threads?: number;
  /** One of `onnxDevices`; "cpu" unless given. */
  readonly device?: string;
  /** Compiled steps kept for reuse when nothing uses them any more. */
  readonly maxSessions?: number;
  /** False: hoisted values are computed anew for every batch instead of being kept. Results are the same. */
  readonly hoist?: boolean;
  /** How much of the hoisted values stays in memory; 1 GiB unless given. The rest goes to a file. */
  readonly hoistMemoryBytes?: number;
  /** Folder of that file; the system's for temporary files unless given. */
  readonly hoistDirectory?: string;
  /** A cache of hoisted values that outlives the engine; the two settings above are not read then. */
  readonly hoistedValues?: HoistedValues;
  /** Passes to leave out, to see what each is worth: `npm run bench -- passes`. */
  readonly without?: readonly PassName[];
}
