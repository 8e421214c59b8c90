import { sizeOf } from '@attune/base';
import type { Update } from '@attune/graph';
import { STEP_ELEMENTS } from './compile-update.ts';
import { type WasmMemory, webAssembly } from './web-assembly.ts';

/** What one update needs in memory: tensors of `length` elements, and single numbers. */
export interface BlockPlan {
  /** Replaced state, by its name in the store. */
  readonly state: readonly string[];
  /** Other inputs of the update, by port name. */
  readonly vectors: readonly string[];
  readonly scalars: readonly string[];
  readonly length: number;
  /** Elements of one row: of all axes but the first. */
  readonly width: number;
  /** Elements that sparse inputs pass through on their way; 0 without any. */
  readonly room: number;
}

/** A plan with its place in a memory. */
export interface UpdateBlock {
  readonly memory: WasmMemory;
  readonly state: readonly Float32Array[];
  readonly vectors: readonly Float32Array[];
  readonly scalars: readonly Float32Array[];
  /** Of `room` elements. */
  readonly room: Float32Array;
}

const STEP_BYTES = STEP_ELEMENTS * 4;
const PAGE_BYTES = 65_536;
/** Blocks share memories of about this size: a few mappings, and views stay far below the size a memory can have. */
const MEMORY_BYTES = 256 * 2 ** 20;

/** Rows of a sparse input that pass at once. */
const ROWS_AT_ONCE = 64;

const STATE = 'state:';
const NEXT = 'next:';

/** What an update needs. */
export function planBlock({ graph, sparse }: Update): BlockPlan {
  const state = graph.outputs.map(({ name }) => name.slice(NEXT.length));
  const others = graph.inputs.filter(
    ({ name }) => !state.includes(name.slice(STATE.length)) || !name.startsWith(STATE),
  );
  const sizes = new Map(others.map(({ name, value }) => [name, sizeOf(graph.values[value]!.shape)]));
  const { shape } = graph.values[graph.outputs[0]!.value]!;
  const [length, width] = [sizeOf(shape), sizeOf(shape.slice(1))];
  return {
    state,
    vectors: [...sizes].flatMap(([name, size]) => (size === 1 ? [] : [name])),
    scalars: [...sizes].flatMap(([name, size]) => (size === 1 ? [name] : [])),
    length,
    width,
    // A row and its place.
    room: sparse.length === 0 ? 0 : ROWS_AT_ONCE * (width + 1),
  };
}

/** Equal for plans that can share a block: port names differ between the shapes a step is compiled for. */
export function blockKey({ state, vectors, scalars, length, room }: BlockPlan): string {
  return JSON.stringify([state, vectors.length, scalars.length, length, room]);
}

/** Memory for blocks, all zero: tensors padded to whole steps, so that the last step of a loop stays inside. */
export function allocateBlocks(plans: readonly BlockPlan[]): UpdateBlock[] {
  const blocks: UpdateBlock[] = [];
  let waiting: BlockPlan[] = [];
  const flush = (): void => {
    blocks.push(...allocateTogether(waiting));
    waiting = [];
  };
  for (const plan of plans) {
    if (bytesOf([...waiting, plan]) > MEMORY_BYTES) flush();
    waiting.push(plan);
  }
  flush();
  return blocks;
}

function allocateTogether(plans: readonly BlockPlan[]): UpdateBlock[] {
  const memory = new webAssembly.Memory({ initial: Math.ceil(bytesOf(plans) / PAGE_BYTES) });
  let end = 0;
  const take = (length: number): Float32Array => {
    const view = new Float32Array(memory.buffer, end, length);
    end += paddedBytes(length);
    return view;
  };
  return plans.map(({ state, vectors, scalars, length, room }) => ({
    memory,
    state: state.map(() => take(length)),
    vectors: vectors.map(() => take(length)),
    scalars: scalars.map(() => take(1)),
    room: take(room),
  }));
}

function bytesOf(plans: readonly BlockPlan[]): number {
  return plans.reduce(
    (sum, { state, vectors, scalars, length, room }) =>
      sum + (state.length + vectors.length) * paddedBytes(length) + scalars.length * paddedBytes(1) + paddedBytes(room),
    0,
  );
}

function paddedBytes(length: number): number {
  return Math.ceil((length * 4) / STEP_BYTES) * STEP_BYTES;
}
