import type { HostTensors, NoiseRequest } from '@attune/base';
import {
  countFlops,
  fuse,
  type Graph,
  type HoistedGraph,
  hoistFrozen,
  type PassName,
  reduceWork,
  splitUpdates,
  type Update,
} from '@attune/graph';
import type { TracedStep } from '../trace-step.ts';

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
