import type { PassName } from '@attune/graph';
import type { KeptValues } from './hoist/kept-values.ts';

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
  /**
   * Whether to keep what depends on frozen parameters and single examples only instead of computing it anew; it is,
   * unless this is false. Results are the same.
   */
  readonly hoist?: boolean;
  /** How much of that stays in memory; 1 GiB unless given. The rest goes to a file. */
  readonly hoistMemoryBytes?: number;
  /** Folder of that file; the system's for temporary files unless given. */
  readonly hoistDirectory?: string;
  /** A cache for it that outlives the engine, instead of one of its own with the two settings above. */
  readonly kept?: KeptValues;
  /** Passes to leave out, to see what each is worth: `npm run bench -- passes`. */
  readonly without?: readonly PassName[];
}
