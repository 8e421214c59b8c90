import type { HostTensors } from '@attune/base';
import { collectGarbage } from '@attune/base/node';
import type { Engine } from '../src/contract.ts';
import { selectEngine } from '../src/select-engine.ts';
import { batchOf, initialState, mask, runTrain } from './tiny-step.ts';

// By its file: the package's entry would load much beside it, and count.

/*
 * Trains a tiny model for many steps and prints, as one line of JSON, how much memory grew after the first 100.
 *
 * MALLOC_ARENA_MAX=1 node --expose-gc --max-semi-space-size=1 --conditions=attune-source --import tsx \
 *   packages/engine/test/soak.ts 10000 onnx
 *
 * What a process reaches once, whatever a program does, is kept small or out of the figure, so that 2 % of a tiny
 * model's memory shows a leak and not that: the young generation of V8 (up to 32 MB, touched as garbage passes
 * through), an allocation arena for each thread, and V8's compiled code, which a model trained before has it make.
 */

/** By then all hot code is compiled: memory grew 2 % from step 100 to 300 of a process, beside other work. */
const SETTLE = 500;
const WARM_UP = 100;

interface Memory {
  readonly residentBytes: number;
  /** Live JavaScript objects and the native memory they hold. */
  readonly heapBytes: number;
}

async function measure(): Promise<Memory> {
  await collectGarbage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { residentBytes: rss, heapBytes: heapUsed + external };
}

async function soak(name: string, steps: number): Promise<{ warm: Memory; end: Memory }> {
  const engine = await selectEngine({ name });
  await trainer(engine)(0, SETTLE);
  const train = trainer(engine);
  await train(0, WARM_UP);
  const warm = await measure();
  await train(WARM_UP, steps);
  return { warm, end: await measure() };
}

/** Trains a new model from one step to another. */
function trainer(engine: Engine): (from: number, to: number) => Promise<void> {
  const state = engine.createStore(initialState());
  const step = engine.prepare({ name: 'train', run: runTrain, state, frozen: engine.createStore(new Map()) });
  const batches: readonly HostTensors[] = [batchOf(4), batchOf(6)];
  return async (from, to) => {
    for (let index = from; index < to; index += 1) {
      await step.run(batches[index % 2]!, mask);
    }
  };
}

const [steps, name] = [Number(process.argv[2] ?? 10_000), process.argv[3] ?? 'onnx'];
const { warm, end } = await soak(name, steps);
const growth = { resident: end.residentBytes / warm.residentBytes - 1, heap: end.heapBytes / warm.heapBytes - 1 };
console.log(JSON.stringify({ name, steps, growth, warm, end }));
