import { type Engine, selectEngine } from '@attune/engine';
import type { Catalog } from '../experiment/catalog.ts';
import { loadExperiment } from '../experiment/load-experiment.ts';
import { runTrial, type TrialContext } from '../trial/run-trial.ts';
import { WorkerCaches } from '../trial/worker-caches.ts';
import type { FromWorker, ToWorker, TrialProgress, WorkerSetup } from './messages.ts';
import { groupOf } from './trial-group.ts';

/** The entry of a worker process: set up once, then one trial after the other as the parent sends them. */

const progressEveryMs = 250;

type SetUp = Omit<TrialContext, 'engine'> & { readonly newEngine: () => Promise<Engine> };

let context: Promise<SetUp> | undefined;
let current: { readonly group: string; readonly engine: Engine } | undefined;

// Ctrl-C reaches every process of a terminal; the parent decides when its workers end.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (message: ToWorker) => {
  if (message.type === 'setup') context = setUp(message.setup);
  // A failed set-up is told to the parent with the first trial, when it listens for it.
  if (message.type === 'setup') context?.catch(() => {});
  if (message.type === 'trial') void answer(message.trial);
});

async function setUp(setup: WorkerSetup): Promise<SetUp> {
  const { catalog } = (await import(setup.catalogUrl)) as { readonly catalog: Catalog };
  const experiment = await loadExperiment(setup, catalog);
  const { engine: name, device, threads, environment, saveWeightsIn } = setup;
  const newEngine = () => selectEngine({ name, device, threads });
  return {
    ...{ experiment, newEngine, environment, caches: new WorkerCaches(), onProgress: throttled() },
    ...(saveWeightsIn === undefined ? {} : { saveWeightsIn }),
  };
}

/**
 * One engine for each group of trials: its seeds share compiled steps, the next group would never use them again.
 * Keeping them would take gigabytes after a few groups and count into the next trials' peak memory.
 */
async function engineFor(group: string, newEngine: () => Promise<Engine>): Promise<Engine> {
  if (current?.group === group) return current.engine;
  await current?.engine.dispose();
  current = undefined;
  const engine = await newEngine();
  current = { group, engine };
  return engine;
}

async function answer(trial: Extract<ToWorker, { type: 'trial' }>['trial']): Promise<void> {
  let ready: TrialContext;
  try {
    const { newEngine, ...rest } = await context!;
    ready = { ...rest, engine: await engineFor(groupOf(trial), newEngine) };
  } catch (error) {
    send({ type: 'unusable', message: `a worker could not start: ${(error as Error).message}` });
    return;
  }
  send({ type: 'record', record: await runTrial(trial, ready) });
}

/** A step may take a millisecond; nobody reads a bar that fast. */
function throttled(): (progress: TrialProgress) => void {
  let lastMs = 0;
  return (progress) => {
    const nowMs = performance.now();
    if (nowMs - lastMs < progressEveryMs) return;
    lastMs = nowMs;
    send({ type: 'progress', progress });
  };
}

function send(message: FromWorker): void {
  // Without a callback a parent that is gone would be an uncaught error; with it the worker just ends.
  process.send?.(message, undefined, undefined, () => {});
}
