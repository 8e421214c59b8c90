import { DatasetError } from '@attune/base';
import type { Selector } from './evaluate.ts';
import type { CurvePoint, FineTuneCall, FineTuned, Session } from './fine-tuned.ts';
import { settingsNotes } from './settings-notes.ts';
import { makeTimetable, type Timetable } from './timetable.ts';
import {
  type FlopCounter,
  flopCounter,
  instancesOf,
  runTrainingStep,
  type TrainingBatch,
  trainingBatches,
} from './training-step.ts';

/** What the loop measured and how it ended. */
export type Trained = Pick<
  FineTuned,
  'status' | 'losses' | 'curve' | 'notes' | 'flops' | 'trainTimeMs' | 'selectionTimeMs'
>;

/**
 * The training loop: steps until the timetable ends, the patience is over or a number is not finite, with a point of
 * the learning curve after each evaluation. A selection chooses among the state before the first step and those after
 * the steps that the timetable names. With nothing trainable there are no steps, only the evaluation before them.
 *
 * @throws DatasetError when there is something to train and nothing to train on
 */
export async function train(
  call: FineTuneCall,
  { session, selector }: { readonly session: Session; readonly selector: Selector | undefined },
): Promise<Trained> {
  const loop = new TrainingLoop(call, { session, selector });
  return loop.run();
}

class TrainingLoop {
  readonly #call: FineTuneCall;
  readonly #session: Session;
  readonly #selector: Selector | undefined;
  readonly #timetable: Timetable;
  readonly #notes: readonly string[];
  readonly #flops: FlopCounter;
  readonly #losses: number[] = [];
  readonly #curve: CurvePoint[] = [];
  #lossesInCurve = 0;
  #selectionTimeMs = 0;

  constructor(
    call: FineTuneCall,
    { session, selector }: { readonly session: Session; readonly selector: Selector | undefined },
  ) {
    const trains = session.plan.trainable.length > 0;
    const numInstances = trains ? instancesOf(call, 0).length : 0;
    if (trains && numInstances === 0) throw new DatasetError('training: there are no instances to train on');
    this.#call = call;
    this.#session = session;
    this.#selector = selector;
    this.#timetable = makeTimetable(call.settings, numInstances);
    this.#notes = settingsNotes({
      ...{ settings: call.settings, modelLength: call.model.maxLength },
      ...{ numInstances, selects: selector !== undefined },
    });
    this.#flops = flopCounter(session);
  }

  async run(): Promise<Trained> {
    const start = performance.now();
    const status = await this.#steps();
    return {
      status,
      losses: this.#losses,
      curve: this.#curve,
      notes: this.#notes,
      flops: this.#flops.total,
      trainTimeMs: performance.now() - start - this.#selectionTimeMs,
      selectionTimeMs: this.#selectionTimeMs,
    };
  }

  async #steps(): Promise<Trained['status']> {
    const timetable = this.#timetable;
    if (this.#evaluatesStart() && (await this.#evaluate(0)) === 'diverged') return 'diverged';
    const { maxLength } = this.#session;
    const batches = trainingBatches(this.#call, { timetable, maxLength });
    for (let step = this.#goOn(batches) + 1; step <= timetable.totalSteps; step++) {
      // Eager engines never leave the microtask queue; without this a signal could not arrive.
      await nextTurn();
      if (this.#call.signal?.aborted) await this.#save();
      this.#session.checkStopped();
      const batch = batches.next().value;
      const given = { session: this.#session, timetable, batch, step, flops: this.#flops };
      const loss = await runTrainingStep(this.#call, given);
      this.#losses.push(loss);
      if (!Number.isFinite(loss)) return this.#diverged(step);
      this.#report(step, {});
      if (this.#isCheckpoint(step)) await this.#save();
      if (!timetable.isEvaluation(step)) continue;
      const status = await this.#evaluate(step);
      if (status === 'diverged' || this.#selector?.exhausted) return status;
    }
    return 'completed';
  }

  /** What is kept must have been scored, also what no step has changed; without a selection there is nothing to score. */
  #evaluatesStart(): boolean {
    return this.#timetable.isEvaluation(0) && (this.#selector !== undefined || this.#timetable.totalSteps === 0);
  }

  /** Takes up a kept state and passes over the batches that it has seen; returns how many. */
  #goOn(batches: Generator<TrainingBatch, never>): number {
    const from = this.#call.checkpoints?.from;
    if (from === undefined) return 0;
    this.#session.state.write(from.tensors);
    this.#losses.push(...from.losses);
    for (const _ of from.losses) batches.next();
    return from.losses.length;
  }

  #isCheckpoint(step: number): boolean {
    const { checkpoints } = this.#call;
    return checkpoints !== undefined && (step % checkpoints.everySteps === 0 || step === this.#timetable.totalSteps);
  }

  async #save(): Promise<void> {
    const { checkpoints } = this.#call;
    if (checkpoints === undefined || this.#losses.length === 0) return;
    await checkpoints.save({ losses: [...this.#losses], tensors: await this.#session.state.read() });
  }

  async #evaluate(step: number): Promise<Trained['status']> {
    const start = performance.now();
    const score = await this.#selector?.evaluate(step);
    this.#selectionTimeMs += performance.now() - start;
    if (score === null) return this.#diverged(step);
    this.#curve.push({ ...this.#at(step), trainLoss: this.#meanLoss(), selectionScore: score ?? null });
    if (score !== undefined) this.#report(step, { selectionScore: score });
    return 'completed';
  }

  #diverged(step: number): 'diverged' {
    this.#curve.push({ ...this.#at(step), trainLoss: null, selectionScore: null });
    return 'diverged';
  }

  /** Mean over the steps since the previous point. */
  #meanLoss(): number | null {
    const recent = this.#losses.slice(this.#lossesInCurve);
    this.#lossesInCurve = this.#losses.length;
    return recent.length === 0 ? null : recent.reduce((sum, loss) => sum + loss, 0) / recent.length;
  }

  #at(step: number): { readonly step: number; readonly epoch: number } {
    return { step, epoch: step === 0 ? 0 : step / this.#timetable.stepsPerEpoch };
  }

  #report(step: number, evaluated: { readonly selectionScore?: number }): void {
    const loss = this.#losses.at(-1) ?? null;
    this.#call.onProgress?.({ ...this.#at(step), totalSteps: this.#timetable.totalSteps, loss, ...evaluated });
  }
}

/** Ends when whatever else waits (timers, signals, messages) has had its turn; a timer of 0 ms would wait for 1 to 4. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else postMessageTo(resolve);
  });
}

/** Browsers have no `setImmediate`; a message of one's own comes as soon. */
function postMessageTo(receive: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener(
    'message',
    () => {
      port1.close();
      receive();
    },
    { once: true },
  );
  port1.start();
  port2.postMessage(undefined);
}
