import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PeerChoice } from './cell.ts';
import type { AtLeast, Taken } from './time-steps.ts';

/** Loads libraries in up to a minute, compiles in up to several. */
const answerWithinMs = 900_000;

/**
 * Freed memory stays in the process, as it does in ours: glibc would give it back and take it again page by page. Worth
 * 3 to 10 % of a step.
 */
const keptMemory = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: String(2 ** 34), MALLOC_TOP_PAD_: String(2 ** 26) };

/** A Python process that runs the same step; every call is one line to it and one line back. */
export class Peer {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#lines = createInterface({ input: process.stdout! })[Symbol.asyncIterator]();
  }

  /**
   * Starts `peer/step.py` over a folder of files.
   *
   * @throws Error when the process cannot be started or does not get ready
   */
  static async start({ python, waitPolicy }: PeerChoice, folder: string): Promise<StartedPeer> {
    const script = fileURLToPath(new URL('../peer/step.py', import.meta.url));
    const child = spawn(python, [script, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...keptMemory, ...(waitPolicy === 'passive' ? { OMP_WAIT_POLICY: 'PASSIVE' } : {}) },
    });
    child.on('error', (error) => child.stdout?.destroy(error));
    const peer = new Peer(child);
    return { peer, ready: await peer.#answer<PeerReady>('start') };
  }

  check(variant: string): Promise<{ readonly loss: number; readonly file: string }> {
    return this.#ask('check', { variant });
  }

  chooseOptimizer(variant: string, steps: number): Promise<{ readonly optimizer: string }> {
    return this.#ask('choose_optimizer', { variant, steps });
  }

  time(call: { readonly variant: string; readonly warmup: AtLeast; readonly timed: AtLeast }) {
    return this.#ask<Taken>('time', call);
  }

  memory(variant: string, steps: number): Promise<{ readonly peakMemoryBytes: number }> {
    return this.#ask('memory', { variant, steps });
  }

  /** Processor time the process has used so far. */
  processor(): Promise<{ readonly processorMs: number }> {
    return this.#ask('processor', {});
  }

  stop(): void {
    this.#process.stdin?.end();
    this.#process.kill();
  }

  #ask<Answer>(command: string, values: object): Promise<Answer> {
    this.#process.stdin!.write(`${JSON.stringify({ command, ...values })}\n`);
    return this.#answer<Answer>(command);
  }

  async #answer<Answer>(command: string): Promise<Answer> {
    const timer = setTimeout(() => this.#process.kill(), answerWithinMs);
    try {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`peer: ended while it was asked to ${command}; its messages are above`);
      return parseAnswer<Answer>(command, value);
    } finally {
      clearTimeout(timer);
    }
  }
}

interface StartedPeer {
  readonly peer: Peer;
  readonly ready: PeerReady;
}

interface PeerReady {
  /** Ways of writing the step, e.g. "gathered compile". */
  readonly variants: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

/** One line of the peer. @throws Error with the peer's own message when it reports one, or when the line is no JSON */
export function parseAnswer<Answer>(command: string, line: string): Answer {
  let answer: unknown;
  try {
    answer = JSON.parse(line);
  } catch {
    throw new Error(`peer: expected one JSON object in answer to ${command}, got "${line.slice(0, 80)}"`);
  }
  const { error } = answer as { readonly error?: string };
  if (error !== undefined) throw new Error(`peer: ${command}: ${error}`);
  return answer as Answer;
}
