import { selectEngine } from '@attune/engine';
import type { Catalog } from '../experiment/definition.ts';
import { loadExperiment } from '../experiment/load-experiment.ts';
import { proveRecord } from '../proof/standing.ts';
import { WorkerCaches } from '../trial/prepare-trial.ts';
import type { TrialProgress } from '../trial/run-trial.ts';
import { runTrial, type TrialContext } from '../trial/run-trial.ts';
import { WorkerEngines } from './worker-engines.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-setup.ts';

/** The entry of a worker process: set up once, then one trial after the other as the parent sends them. */

const progressEveryMs = 250;

type SetUp = Omit<TrialContext, 'engine'> & { readonly engines: WorkerEngines };

let context: Promise<SetUp> | undefined;
let isSetUp = false;

// Ctrl-C reaches every process of a terminal; the parent decides when its workers end.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (message: ToWorker) => {
  if (message.type === 'setup') context = setUp(message.setup);
  // A failed set-up is told to the parent with the first trial, when it listens for it.
  if (message.type === 'setup') context?.catch(() => {});
  if (message.type !== 'setup') void answer(message);
});

async function setUp(setup: WorkerSetup): Promise<SetUp> {
  const { catalog } = (await import(setup.catalogUrl)) as { readonly catalog: Catalog };
  const experiment = await loadExperiment(setup, catalog);
  const { engine: name, device, threads, hoisting, environment, saveWeightsIn } = setup;
  const engines = new WorkerEngines((hoisting) => selectEngine({ name, device, threads, ...hoisting }), hoisting);
  return {
    ...{ experiment, engines, environment, caches: new WorkerCaches(), onProgress: throttled() },
    ...(saveWeightsIn === undefined ? {} : { saveWeightsIn }),
  };
}

async function answer(message: Exclude<ToWorker, { type: 'setup' }>): Promise<void> {
  const { trial } = message;
  const doing = { step: 0, totalSteps: 0, loss: null, doing: 'loading the code' };
  if (message.type === 'trial' && !isSetUp) send({ type: 'progress', progress: doing });
  let ready: TrialContext;
  try {
    const { engines, ...rest } = await context!;
    isSetUp = true;
    ready = { ...rest, engine: await engines.engineFor(trial) };
  } catch (error) {
    send({ type: 'unusable', message: `a worker could not start: ${(error as Error).message}` });
    return;
  }
  try {
    if (message.type === 'trial') send({ type: 'record', ...(await runTrial(trial, ready)) });
    else send({ type: 'proved', comparison: await proveRecord(trial, message.record, ready) });
  } catch (error) {
    send({ type: 'unusable', message: (error as Error).message });
  }
}

/** A step may take a millisecond; nobody reads a bar that fast. What comes before and after the steps is always told. */
function throttled(): (progress: TrialProgress) => void {
  let lastMs = 0;
  return (progress) => {
    const nowMs = performance.now();
    if (progress.doing === undefined && nowMs - lastMs < progressEveryMs) return;
    lastMs = nowMs;
    send({ type: 'progress', progress });
  };
}

function send(message: FromWorker): void {
  // Without a callback a parent that is gone would be an uncaught error; with it the worker just ends.
  process.send?.(message, undefined, undefined, () => {});
}
