import type { Graph } from '@attune/graph';
import { fuse, hoistFrozen, reduceWork, splitUpdates } from '@attune/graph';
import type { HostTensors, NoiseRequest } from '../contract.ts';
import type { TracedStep } from '../trace-step.ts';
import { HoistedPart } from './hoist/hoisted-part.ts';
import type { KeptValues } from './hoist/kept-values.ts';
import type { OnnxStore } from './onnx-store.ts';
import type { HeldSession, SessionCache } from './session-cache.ts';
import type { UpdateCompiler } from './update/compile-update.ts';
import { StepUpdates } from './update/step-updates.ts';

/** A step compiled for one set of batch shapes. */
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

export interface CompileCall {
  readonly state: OnnxStore;
  readonly frozen: OnnxStore;
  readonly batch: HostTensors;
  readonly perExample: readonly string[];
  readonly sessions: SessionCache;
  readonly compiler: UpdateCompiler;
  readonly kept: KeptValues | undefined;
}

/** Graph to sessions: less work, the frozen part apart, updates apart, the rest in as few operators as there are. */
export async function compileStep({ graph, noise }: TracedStep, call: CompileCall): Promise<Variant> {
  const { hoisted, rest } = await hoist(reduceWork(graph), call);
  const pairs = call.state.names.map((name) => ({ input: `state:${name}`, output: `next:${name}` }));
  const { compute, updates } = splitUpdates(rest, pairs);
  const fused = fuse(compute);
  const outputs = fused.outputs.map(({ name }) => splitName(name));
  const named = (kind: string): string[] => outputs.filter(([given]) => given === kind).map(([, name]) => name);
  return {
    hoisted,
    held: fused.outputs.length === 0 ? undefined : await call.sessions.hold(fused),
    inputs: fused.inputs.map(({ name }) => name),
    noise,
    nextState: named('next'),
    updates: new StepUpdates(updates, fused, { store: call.state, compiler: call.compiler }),
    outputs: named('output'),
  };
}

async function hoist(graph: Graph, call: CompileCall): Promise<{ hoisted: HoistedPart | undefined; rest: Graph }> {
  const { batch, perExample, frozen } = call;
  const present = perExample.filter((name) => batch.has(name));
  const numExamples = present.length === 0 ? undefined : batch.get(present[0]!)!.shape[0];
  if (numExamples === undefined || present.some((name) => batch.get(name)!.shape[0] !== numExamples)) {
    return { hoisted: undefined, rest: graph };
  }
  const split = hoistFrozen(graph, {
    numExamples,
    frozen: new Set(frozen.names.map((name) => `frozen:${name}`)),
    perExample: new Set(present.map((name) => `batch:${name}`)),
  });
  if (split === undefined) return { hoisted: undefined, rest: graph };
  return { hoisted: await HoistedPart.compile(split.once, { ...call, numExamples }), rest: split.rest };
}

/** "<kind>:<name>" */
export function splitName(name: string): readonly [kind: string, name: string] {
  const colon = name.indexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
}
