import { MessageChannel } from 'node:worker_threads';
import { type Graph, hashGraph } from '@attune/graph';
import type { InferenceSession } from 'onnxruntime-node';
import * as ort from 'onnxruntime-node';
import type { OnnxDevice } from '../contract.ts';
import { lowerToOnnx } from './lower.ts';

const { port1: closed } = new MessageChannel();
closed.close();

/**
 * Frees the memory of buffers at once, where the garbage collector would take its time; what views them is empty
 * afterwards. Handing a buffer to a closed port takes it away. Not for the buffer of a WebAssembly memory.
 */
export function freeMemory(buffers: readonly ArrayBuffer[]): void {
  closed.postMessage(null, buffers);
}

/**
 * Tells the C library to keep up to 64 MiB of memory that is freed at the end of its heap, for the next step. Otherwise
 * that memory goes back to the system, which gives it out again page by page. glibc behaves so once a mapped block of
 * nearly 32 MiB was freed (mallopt(3), M_MMAP_THRESHOLD), and it maps a block when no gap in its heap is as large;
 * other C libraries are left as they are. A step of 6×384 whose lower half is hoisted took 5,300 pages less and 134 ms
 * instead of 147, a full one of 12×768 took 83,000 pages less and 2.9 s instead of 3.0 to 3.1.
 */
export function keepFreedMemory(): void {
  // Not touched, so they take addresses alone.
  const blocks = Array.from({ length: MORE_THAN_GAPS }, () => Buffer.allocUnsafeSlow(LARGEST_MOVING_BYTES).buffer);
  freeMemory(blocks);
}

const MORE_THAN_GAPS = 8;
/** 32 MiB is the limit, with what the library adds. */
const LARGEST_MOVING_BYTES = 32 * 2 ** 20 - 65_536;

/**
 * Runs a session. Outputs that are given a tensor are written there and are not to be read from the results.
 *
 * onnxruntime-node 1.30 copies every output into a new array, also those that were given one, and left to the garbage
 * collector the copies of a few steps pile up: memory then comes fresh from the system, page by page. So the copies
 * are freed at once.
 *
 * @param fetches  outputs by name, null where a new tensor is wanted
 */
export async function runSession(
  session: InferenceSession,
  feeds: InferenceSession.OnnxValueMapType,
  fetches: InferenceSession.NullableOnnxValueMapType,
): Promise<InferenceSession.OnnxValueMapType> {
  const results = await session.run(feeds, fetches);
  const copies = Object.keys(fetches).filter((name) => fetches[name] !== null);
  if (copies.length > 0) freeMemory(copies.map((name) => (results[name]!.data as Float32Array).buffer as ArrayBuffer));
  return results;
}

/**
 * How an engine's sessions run. On a device other than the CPU, operators that the device lacks run on the CPU, as
 * ONNX Runtime does it; that the device itself works was checked before, see `checkDevice`.
 */
export function sessionOptions(threads: number, device: OnnxDevice): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Fusing is done before, see `fuse`; higher levels make sessions slower to open and steps no faster.
    graphOptimizationLevel: 'basic',
    logSeverityLevel: 3,
    enableMemPattern: false,
    // Waiting threads spin within a run and stop with it: between the small operators of a step that is faster than to
    // sleep and be woken, and what runs between steps has all cores.
    extra: { session: { intra_op: { allow_spinning: threads > 1 ? '1' : '0' }, force_spinning_stop: '1' } },
  };
}

interface Entry {
  readonly session: Promise<ort.InferenceSession>;
  users: number;
}

/** A session in use; `release` when done with it. */
export interface HeldSession {
  readonly session: ort.InferenceSession;
  readonly release: () => void;
}

/** Sessions by graph hash, so that the same step of a later trial need not be built again. */
export class SessionCache {
  readonly #entries = new Map<string, Entry>();
  readonly #options: ort.InferenceSession.SessionOptions;
  readonly #capacity: number;

  /** @param capacity sessions kept; those in use are kept beyond it */
  constructor(options: ort.InferenceSession.SessionOptions, capacity: number) {
    this.#options = options;
    this.#capacity = capacity;
  }

  /** Number of sessions alive. */
  get size(): number {
    return this.#entries.size;
  }

  async hold(graph: Graph): Promise<HeldSession> {
    const hash = hashGraph(graph);
    const entry = this.#entries.get(hash) ?? { session: this.#create(graph, hash), users: 0 };
    // Deleting first moves the entry to the end: the map's order is the order of last use.
    this.#entries.delete(hash);
    this.#entries.set(hash, entry);
    entry.users += 1;
    try {
      const session = await entry.session;
      return { session, release: () => this.#release(entry) };
    } catch (error) {
      this.#entries.delete(hash);
      throw error;
    }
  }

  async dispose(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(async ({ session }) => (await session).release()));
  }

  #create(graph: Graph, hash: string): Promise<ort.InferenceSession> {
    return ort.InferenceSession.create(lowerToOnnx(graph, hash), this.#options);
  }

  #release(entry: Entry): void {
    entry.users -= 1;
    const unused = [...this.#entries].filter(([, { users }]) => users === 0);
    for (const [hash, { session }] of unused.slice(0, Math.max(0, this.#entries.size - this.#capacity))) {
      this.#entries.delete(hash);
      void session.then((evicted) => evicted.release());
    }
  }
}
