import type { HostTensors, NoiseRequest } from '@attune/base';
import {
  countFlops,
  fuse,
  type Graph,
  type HoistedGraph,
  hoistFrozen,
  type PassName,
  portBytes,
  reduceWork,
  splitUpdates,
  type Update,
} from '@attune/graph';
import type { TracedStep } from '../trace-step.ts';
import { HoistedPart } from './hoist/hoisted-part.ts';
import type { HoistedValues } from './hoist/hoisted-values.ts';
import type { OnnxStore } from './onnx-store.ts';
import { type HeldSession, keepFreedMemory, type SessionCache } from './session.ts';
import type { UpdateCompiler } from './update/compile-update.ts';
import { StepUpdates } from './update/step-updates.ts';

/** What a step is made of for one set of batch shapes, before any session or memory: depends on nothing but its graph. */
export interface StepProgram {
  /** Of the whole step as it was traced, whatever is kept or left out. */
  readonly flops: number;
  readonly noise: ReadonlyMap<string, NoiseRequest>;
  /** What is computed once for each example, and how many there are in a batch; absent when nothing is. */
  readonly once: { readonly graph: Graph; readonly numExamples: number } | undefined;
  readonly compute: Graph;
  readonly updates: readonly Update[];
}

/** Names of a step's inputs by what they are; `perExample` are those of the batch with rows by example. */
export interface StepNames {
  readonly state: readonly string[];
  readonly frozen: readonly string[];
  readonly perExample: readonly string[];
}

/** How the program is planned. */
export interface ProgramOptions {
  /** Passes to leave out, to see what each is worth. */
  readonly without: ReadonlySet<PassName>;
}

/**
 * Runs a traced step through all passes: nodes that are not needed go, hoisted part and updates are split off, and what
 * is left is fused into few operators.
 */
export function planProgram(
  { graph, noise }: TracedStep,
  { names, batch, without }: ProgramOptions & { readonly names: StepNames; readonly batch: HostTensors },
): StepProgram {
  const reduced = reduceWork(graph, without);
  const numExamples = countExamples(names.perExample, batch);
  const hoisted = numExamples === undefined ? undefined : hoist(reduced, { names, numExamples });
  const replaced = without.has('updates') ? [] : names.state;
  const pairs = replaced.map((name) => ({ input: `state:${name}`, output: `next:${name}` }));
  const { compute, updates } = splitUpdates(hoisted?.rest ?? reduced, pairs);
  const once = hoisted && { graph: fuse(hoisted.once, without), numExamples: numExamples! };
  return { flops: countFlops(graph), noise, once, compute: fuse(compute, without), updates };
}

function hoist(
  graph: Graph,
  { names, numExamples }: { readonly names: StepNames; readonly numExamples: number },
): HoistedGraph | undefined {
  return hoistFrozen(graph, {
    numExamples,
    frozen: new Set(names.frozen.map((name) => `frozen:${name}`)),
    perExample: new Set(names.perExample.map((name) => `batch:${name}`)),
  });
}

/** The length of the first axis that all per-example tensors of the batch share. */
function countExamples(perExample: readonly string[], batch: HostTensors): number | undefined {
  const counts = new Set(perExample.flatMap((name) => batch.get(name)?.shape.slice(0, 1) ?? []));
  return counts.size === 1 ? [...counts][0] : undefined;
}

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
