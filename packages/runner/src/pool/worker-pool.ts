import type { ChildProcess } from 'node:child_process';
import { ConfigError } from '@attune/base';
import type { TrialRecord } from '@attune/records';
import type { Comparison, ProvedRecord } from '../proof/compare-with-record.ts';
import type { Trial } from '../trial/expand-trials.ts';
import type { FinishedTrial, TrialProgress } from '../trial/run-trial.ts';
import { SharedQueue, type Sharing } from './shared-queue.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-setup.ts';

/** Trials to be run by a number of worker processes, and who is told what becomes of them. */
export interface PoolCall {
  readonly trials: readonly Trial[];
  readonly workers: number;
  readonly setup: WorkerSetup;
  readonly fork: () => ChildProcess;
  readonly onStart: (trial: Trial, doing: 'train' | 'prove') => void;
  readonly onProgress: (trial: Trial, progress: TrialProgress) => void;
  /** Awaited before the pool ends; when it rejects the pool stops and rejects with the same error. */
  readonly onRecord: (trial: Trial, finished: FinishedTrial) => Promise<void>;
  /** Records that are proved before their trials run, or instead. */
  readonly proving?: {
    readonly recordOf: (trial: Trial) => ProvedRecord | undefined;
    /** @returns whether that is all; else the trial runs. A worker that died is a difference. */
    readonly onProved: (trial: Trial, comparison: Comparison) => boolean;
  };
  /** The record of a trial whose worker died. */
  readonly onDeath: (trial: Trial, reason: string) => TrialRecord;
  /** How trials are divided with other processes; all are this one's when absent. */
  readonly sharing?: Sharing;
  readonly signal: AbortSignal;
}

/**
 * Runs trials on worker processes and hands each record over as it comes. A worker that dies costs its own trial and
 * is replaced; an abort kills all of them at once and resolves.
 */
export async function runOnWorkers(call: PoolCall): Promise<void> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  call.signal.addEventListener('abort', abort);
  if (call.signal.aborted) abort();
  const queue = new SharedQueue(call.trials, call.sharing, stop.signal);
  const count = Math.min(call.workers, call.trials.length);
  try {
    const lanes = Array.from({ length: count }, () => runLane(call, queue, stop.signal));
    // One broken lane stops the others, so that an error does not wait for trials that will be thrown away.
    await Promise.all(lanes.map((lane) => lane.catch((error) => fail(error, stop))));
    if (stop.signal.reason instanceof PoolFailure) throw stop.signal.reason.cause;
  } finally {
    call.signal.removeEventListener('abort', abort);
  }
}

class PoolFailure extends Error {}

function fail(error: unknown, stop: AbortController): void {
  if (!stop.signal.aborted) stop.abort(new PoolFailure('the pool stopped', { cause: error }));
}

/** Keeps one worker busy until nothing waits. */
async function runLane(call: PoolCall, queue: SharedQueue, signal: AbortSignal): Promise<void> {
  let worker: Worker | undefined;
  let previous: Trial | undefined;
  // One that died between two trials costs none.
  const ready = (): Worker => (worker?.isAlive ? worker : new Worker(call.fork(), call.setup, signal));
  try {
    while (!signal.aborted) {
      const trial = await queue.next(previous);
      if (trial === undefined || signal.aborted) return;
      previous = trial;
      const recorded = call.proving?.recordOf(trial);
      if (recorded !== undefined) {
        worker = ready();
        call.onStart(trial, 'prove');
        const proved = await worker.prove(trial, recorded);
        if (proved.type === 'aborted') return;
        if (proved.type === 'died') worker = undefined;
        if (call.proving!.onProved(trial, comparisonOf(proved))) {
          queue.release(trial);
          continue;
        }
      }
      worker = ready();
      call.onStart(trial, 'train');
      const outcome = await worker.run(trial, (progress) => call.onProgress(trial, progress));
      if (outcome.type === 'aborted') return;
      // What made a trial fail may stay: full memory, a lost device. The next one gets a process of its own.
      if (outcome.type === 'died' || outcome.record.status === 'failed') {
        worker.kill();
        worker = undefined;
      }
      await call.onRecord(trial, outcome.type === 'died' ? { record: call.onDeath(trial, outcome.reason) } : outcome);
      queue.release(trial);
    }
  } finally {
    worker?.kill();
  }
}

function comparisonOf(proved: Exclude<ProofOutcome, { readonly type: 'aborted' }>): Comparison {
  if (proved.type === 'proved') return proved.comparison;
  return { differences: [`it cannot be proved (${proved.reason})`], otherProcessor: false };
}

type Ended = { readonly type: 'died'; readonly reason: string } | { readonly type: 'aborted' };
type Outcome = ({ readonly type: 'record' } & FinishedTrial) | Ended;
type ProofOutcome = { readonly type: 'proved'; readonly comparison: Comparison } | Ended;

/** One child process, given one trial at a time. */
class Worker {
  readonly #child: ChildProcess;
  readonly #signal: AbortSignal;
  #errorOutput = '';

  constructor(child: ChildProcess, setup: WorkerSetup, signal: AbortSignal) {
    this.#child = child;
    this.#signal = signal;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errorOutput = (this.#errorOutput + text).slice(-2000);
    });
    this.#send({ type: 'setup', setup });
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  run(trial: Trial, onProgress: (progress: TrialProgress) => void): Promise<Outcome> {
    return this.#ask<Outcome>({ type: 'trial', trial }, (message) => {
      if (message.type === 'progress') onProgress(message.progress);
      return message.type === 'record' ? message : undefined;
    });
  }

  prove(trial: Trial, record: ProvedRecord): Promise<ProofOutcome> {
    return this.#ask<ProofOutcome>({ type: 'prove', trial, record }, (message) =>
      message.type === 'proved' ? message : undefined,
    );
  }

  /** @param read  the answer that a message of the worker is; undefined where it is none */
  #ask<Answer>(question: ToWorker, read: (message: FromWorker) => Answer | undefined): Promise<Answer | Ended> {
    return new Promise((resolve, reject) => {
      const child = this.#child;
      const settle = (outcome: Answer | Ended | Error) => {
        child.off('message', onMessage).off('exit', onExit).off('error', onError);
        this.#signal.removeEventListener('abort', onAbort);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      const onMessage = (message: FromWorker) => {
        const answer = read(message);
        if (answer !== undefined) settle(answer);
        if (message.type === 'unusable') settle(new ConfigError(message.message));
      };
      const onExit = (code: number | null, killedBy: NodeJS.Signals | null) =>
        settle({ type: 'died', reason: this.#deathReason(code, killedBy) });
      const onError = (error: Error) => settle({ type: 'died', reason: error.message });
      const onAbort = () => {
        this.kill();
        settle({ type: 'aborted' });
      };
      child.on('message', onMessage).on('exit', onExit).on('error', onError);
      this.#signal.addEventListener('abort', onAbort);
      if (this.#signal.aborted) return onAbort();
      this.#send(question);
    });
  }

  /** SIGKILL: a worker has nothing to save, and native code may sit out a gentler signal. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(message: ToWorker): void {
    // A send to a dead worker fails with an error that its exit event tells better.
    this.#child.send(message, () => {});
  }

  #deathReason(code: number | null, killedBy: NodeJS.Signals | null): string {
    const how = killedBy === null ? `exit code ${code}` : `signal ${killedBy}`;
    const last = this.#errorOutput.trim().split('\n').slice(-3).join('; ');
    return `the worker process ended (${how})${last === '' ? '; out of memory is the usual cause' : `: ${last}`}`;
  }
}
