import type { Graph } from '@attune/graph';
import { hashGraph } from '@attune/graph';
import * as ort from 'onnxruntime-node';
import { lowerToOnnx } from './lower.ts';

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
