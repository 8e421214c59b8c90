import type { HostTensor } from '@attune/base';
import type { Graph, SparseInput, Update } from '@attune/graph';
import * as ort from 'onnxruntime-node';
import type { OnnxStore } from '../onnx-store.ts';
import { STEP_ELEMENTS, type UpdateCompiler } from './compile-update.ts';
import { ScatterRows } from './scatter-rows.ts';
import { type BlockPlan, planBlock, type UpdateBlock } from './update-block.ts';
import { webAssembly } from './web-assembly.ts';

/** One update ready to run. */
interface ReadyUpdate {
  readonly plan: BlockPlan;
  readonly block: UpdateBlock;
  readonly run: (steps: number, ...pointers: number[]) => void;
  readonly arguments: readonly [steps: number, ...pointers: number[]];
  readonly copies: readonly Copy[];
  readonly shared: readonly SharedInput[];
  readonly sparse: readonly ScatteredInput[];
}

/** An input that is neither state replaced here nor an output of the compute graph. */
interface Copy {
  readonly name: string;
  readonly to: Float32Array;
}

/** An output of the compute graph that an update before this one has: a norm of all gradients, one for two biases. */
interface SharedInput {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

interface ScatteredInput extends SparseInput {
  readonly sums: ScatterRows;
}

/** Reads a graph input by name, e.g. "batch:stepSize". */
type ReadInput = (name: string) => HostTensor['data'];

/**
 * The updates of one compiled step: where the compute graph's outputs go, and what to do once they are there. State
 * that an update replaces moves into the update's memory and is changed in place.
 */
export class StepUpdates {
  readonly #store: OnnxStore;
  readonly #updates: readonly ReadyUpdate[];
  readonly #fetches: Readonly<Record<string, ort.Tensor | null>>;

  constructor(updates: readonly Update[], compute: Graph, parts: { store: OnnxStore; compiler: UpdateCompiler }) {
    const plans = updates.map(planBlock);
    this.#store = parts.store;
    const blocks = parts.store.place(plans);
    const fetches: Record<string, ort.Tensor | null> = {};
    const outputs = new Map(compute.outputs.map(({ name, value }) => [name, compute.values[value]!.shape]));
    const written = new Map<string, Float32Array>();
    this.#updates = updates.map((update, index) => {
      const [plan, block] = [plans[index]!, blocks[index]!];
      const addresses = addressesOf(plan, block);
      const shared: SharedInput[] = [];
      for (const [name, to] of addresses) {
        const [shape, from] = [outputs.get(name), written.get(name)];
        if (shape === undefined) continue;
        if (from === undefined) fetches[name] = new ort.Tensor('float32', to, [...shape]);
        else shared.push({ from, to });
        written.set(name, from ?? to);
      }
      for (const { rows, places } of update.sparse) fetches[rows] = fetches[places] = null;
      return ready(update, { addresses, plan, block, outputs, shared, compiler: parts.compiler });
    });
    this.#fetches = fetches;
  }

  /** The compute graph's outputs that updates read: written in place, or null to be handed to `run`. */
  get fetches(): Readonly<Record<string, ort.Tensor | null>> {
    return this.#fetches;
  }

  run(results: ort.InferenceSession.OnnxValueMapType, read: ReadInput): void {
    for (const { plan, block } of this.#updates) this.#store.occupy(plan, block);
    for (const { run, arguments: given, copies, shared, sparse } of this.#updates) {
      for (const { name, to } of copies) to.set(read(name));
      for (const { from, to } of shared) to.set(from);
      for (const input of sparse) input.sums.add(rowsOf(results, input));
      run(...given);
      for (const input of sparse) input.sums.clear(rowsOf(results, input));
    }
    if (this.#updates.length > 0) this.#store.changed();
  }
}

function ready(
  update: Update,
  parts: {
    readonly addresses: ReadonlyMap<string, Float32Array>;
    readonly plan: BlockPlan;
    readonly block: UpdateBlock;
    readonly outputs: ReadonlyMap<string, readonly number[]>;
    readonly shared: readonly SharedInput[];
    readonly compiler: UpdateCompiler;
  },
): ReadyUpdate {
  const { addresses, plan, block, outputs, shared, compiler } = parts;
  const { module, pointers } = compiler.compile(update.graph);
  const instance = new webAssembly.Instance(module, { host: { memory: block.memory } });
  const steps = Math.ceil(block.state[0]!.length / STEP_ELEMENTS);
  const replaced = new Set(update.graph.outputs.map(({ name }) => name.replace('next:', 'state:')));
  const sparse = update.sparse.map((input) => {
    const table = addresses.get(input.input)!;
    const { memory, room } = block;
    return { ...input, sums: new ScatterRows({ memory, table, width: plan.width, room }) };
  });
  const given = new Set([...replaced, ...outputs.keys(), ...sparse.map(({ input }) => input)]);
  const inputs = update.graph.inputs.map(({ name }) => name);
  return {
    plan,
    block,
    run: instance.exports.run as ReadyUpdate['run'],
    arguments: [steps, ...pointers.map((name) => addresses.get(name)!.byteOffset)],
    copies: inputs.filter((name) => !given.has(name)).map((name) => ({ name, to: addresses.get(name)! })),
    shared,
    sparse,
  };
}

/** Views of the update's ports; an output has the view of the state it replaces. */
function addressesOf({ state, vectors, scalars }: BlockPlan, block: UpdateBlock): Map<string, Float32Array> {
  return new Map([
    ...state.flatMap((name, index) => [
      [`state:${name}`, block.state[index]!] as const,
      [`next:${name}`, block.state[index]!] as const,
    ]),
    ...vectors.map((name, index) => [name, block.vectors[index]!] as const),
    ...scalars.map((name, index) => [name, block.scalars[index]!] as const),
  ]);
}

function rowsOf(results: ort.InferenceSession.OnnxValueMapType, { rows, places }: SparseInput) {
  return { rows: results[rows]!.data as Float32Array, places: results[places]!.data as Int32Array };
}
