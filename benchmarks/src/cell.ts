import type { MethodName } from './methods.ts';
import type { Shape } from './shapes.ts';
import type { Summary } from './statistics.ts';

export const engineNames = ['onnx', 'wasm'] as const;
export type EngineName = (typeof engineNames)[number];

export const headNames = ['classification', 'cloze'] as const;
export type HeadName = (typeof headNames)[number];

/** One row of the table, before it is measured. */
export interface Cell {
  readonly engine: EngineName;
  readonly shape: Shape;
  readonly method: MethodName;
  readonly head: HeadName;
  readonly threads: number;
  /** Timed steps, at least. */
  readonly steps: number;
  /** Who runs the same step in PyTorch; absent: not compared. */
  readonly peer?: PeerChoice;
}

/**
 * How PyTorch's threads wait for each other: as OpenMP does by itself, which spins first, or asleep at once. Spinning
 * is what costs when another process holds a core.
 */
export const waitPolicies = ['default', 'passive'] as const;
export type WaitPolicy = (typeof waitPolicies)[number];

export interface PeerChoice {
  /** The command of its Python. */
  readonly python: string;
  /** The faster of both when absent; found once for each shape. */
  readonly waitPolicy?: WaitPolicy;
}

/** A matrix product [batch, m, k] × [batch, k, n], and how often a step computes it. */
export interface Product {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly count: number;
}

/** What was measured of one cell. Times in ms, memory in bytes. */
export interface CellResult extends TimedSteps {
  readonly traceMs: number;
  /** First run less a median one: passes, lowering and the session. */
  readonly compileMs: number;
  /** Highest resident memory from the start of compiling to the end of a few steps. */
  readonly peakMemoryBytes: number;
  readonly flops: number;
  readonly products: readonly Product[];
  readonly peer?: PeerResult;
}

/**
 * Whose step it is, by the first word of a variant's name: the library's ("stock", "gathered"), one written by hand over
 * the same parameters ("own"), and that with products in bfloat16 ("bf16"), which is another computation.
 */
export const peerKinds = ['library', 'own', 'bf16'] as const;
export type PeerKind = (typeof peerKinds)[number];

/** @param variant  as `peer/step.py` names them, e.g. "gathered compile" */
export function peerKindOf(variant: string): PeerKind {
  const kind = variant.split(' ')[0];
  return kind === 'own' || kind === 'bf16' ? kind : 'library';
}

/** Steps that were timed in turn with the other side's. */
export interface TimedSteps {
  readonly stepMs: Summary;
  /** Processor time of all threads, user and system, by step. */
  readonly processorMs: number;
}

/** The same step in PyTorch, its fastest variant of one kind. */
export interface PeerTiming extends TimedSteps {
  readonly variant: string;
  /** Largest disagreement of loss and gradients with ours, see `disagreement`. */
  readonly disagreement: number;
}

/** The same step in PyTorch. */
export interface PeerResult {
  readonly fastest: Readonly<Record<PeerKind, PeerTiming>>;
  readonly optimizer: string;
  readonly waitPolicy: WaitPolicy;
  /** Every variant in the selection round; a message where it does not work. */
  readonly variants: Readonly<Record<string, Summary | string>>;
  readonly peakMemoryBytes: number;
  /** Processor time either side used while it waited, as a share of the other's time. */
  readonly idleShare: { readonly ours: number; readonly peer: number };
  readonly versions: Readonly<Record<string, string>>;
}
