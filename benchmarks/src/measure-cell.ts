import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceStep } from '@attune/engine';
import type { Cell, CellResult } from './cell.ts';
import { batchOfStep, type MadeStep, makeStep, storeValues } from './make-step.ts';
import { measurePeer } from './measure-peer.ts';
import { peakMemoryBytes, resetPeakMemory } from './memory.ts';
import { type OpenStep, openStep } from './open-step.ts';
import { writePeerFiles } from './peer-files.ts';
import { productsOf } from './products.ts';
import { summarize } from './statistics.ts';
import { summarizeTurns, timeRuns, warmup } from './time-steps.ts';

/** The first step, and three more that the peak memory is taken over. */
const first = { warmup: { steps: 0, millis: 0 }, timed: { steps: 4, millis: 0 } };
/** Short steps are timed for so long, that a moment's disturbance is not all of it. */
const timedMillis = 1000;

/** Measures one cell. Meant for a process of its own: the peak of its memory is the result's. */
export function measureCell(cell: Cell): Promise<CellResult> {
  return measureIn(cell.peer === undefined ? undefined : temporaryFolder(), cell);
}

/** Gone when the process ends, however it ends. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'attune-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  return folder;
}

async function measureIn(folder: string | undefined, cell: Cell): Promise<CellResult> {
  const { open, plan, products } = await load(folder, cell);
  await resetPeakMemory();
  const started = performance.now();
  const flops = open.flops();
  const traceMs = performance.now() - started;
  const [firstMs, ...next] = (await timeRuns(open.run, first)).millis;
  const shared = {
    ...{ traceMs, flops, products, peakMemoryBytes: peakMemoryBytes() },
    compileMs: Math.max(0, firstMs! - summarize(next).median),
  };
  if (folder !== undefined) return { ...shared, ...(await measurePeer({ cell, folder, open, plan })) };
  const timed = { steps: cell.steps, millis: timedMillis };
  return { ...shared, ...summarizeTurns([await timeRuns(open.run, { warmup, timed })]) };
}

/** Everything before the measured part, in a function of its own so that the host's copies of weights can be freed. */
async function load(folder: string | undefined, cell: Cell) {
  const made = makeStep(cell);
  if (folder !== undefined) await writePeerFiles(folder, cell, made);
  const open: OpenStep = await openStep(cell, made);
  return { open, plan: made.plan, products: productsOf(graphOf(made)) };
}

/** The step's graph before any pass of an engine. */
function graphOf(made: MadeStep) {
  const { state, frozen } = storeValues(made);
  const definition = { name: 'train', run: made.run };
  return traceStep(definition, { state, frozen }, batchOfStep(made.batch, 1)).graph;
}
