import type { NoiseRequest } from '@attune/base';
import { portBytes } from '@attune/graph';
import { HoistedPart } from './hoist/hoisted-part.ts';
import type { HoistedValues } from './hoist/hoisted-values.ts';
import type { OnnxStore } from './onnx-store.ts';
import type { StepProgram } from './plan-program.ts';
import { type HeldSession, keepFreedMemory, type SessionCache } from './session.ts';
import type { UpdateCompiler } from './update/compile-update.ts';
import { StepUpdates } from './update/step-updates.ts';

/** A step compiled for one set of batch shapes, bound to its stores. */
export interface Variant {
  /** What is computed once for each example; absent when nothing is. */
  readonly hoisted: HoistedPart | undefined;
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

/** A step's stores, and what its engine shares between steps: sessions, update code and hoisted values. */
export interface CompileCall {
  readonly state: OnnxStore;
  readonly frozen: OnnxStore;
  readonly sessions: SessionCache;
  readonly compiler: UpdateCompiler;
  readonly hoistedValues: HoistedValues | undefined;
}

/** A program's sessions, and its places in the memory of the stores. */
export async function compileStep({ noise, once, compute, updates }: StepProgram, call: CompileCall): Promise<Variant> {
  const outputs = compute.outputs.map(({ name }) => splitName(name));
  const named = (kind: string): string[] => outputs.filter(([given]) => given === kind).map(([, name]) => name);
  const variant = {
    hoisted: once && (await HoistedPart.compile(once.graph, { ...call, numExamples: once.numExamples })),
    held: outputs.length === 0 ? undefined : await call.sessions.hold(compute),
    inputs: compute.inputs.map(({ name }) => name),
    noise,
    nextState: named('next'),
    updates: new StepUpdates(updates, compute, { store: call.state, compiler: call.compiler }),
    outputs: named('output'),
  };
  // `runSession` copies outputs and frees the copies. Not before state has moved to where updates change it: what it
  // leaves is to go back to the system.
  if (portBytes(compute, compute.outputs) >= LARGE_BYTES) keepFreedMemory();
  return variant;
}

/** Bytes of outputs from which on memory is kept: smaller ones cost no new pages (a full step of 2×128 has 3 MB). */
const LARGE_BYTES = 4 * 2 ** 20;

/** Kind and name of a graph's port, from "<kind>:<name>". */
export function splitName(name: string): readonly [kind: string, name: string] {
  const colon = name.indexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
}
