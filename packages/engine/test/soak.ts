import type { HostTensors } from '../src/index.ts';
import { selectEngine } from '../src/index.ts';
import { batchOf, initialState, mask, runTrain } from './tiny-step.ts';

/*
 * Trains a tiny model for many steps and prints, as one line of JSON, how much memory grew after the first 100.
 *
 * node --expose-gc --max-semi-space-size=1 --conditions=attune-source --import tsx packages/engine/test/soak.ts 10000 onnx
 *
 * V8 touches the pages of its young generation, up to 32 MB, as garbage passes through, whatever a program does. Kept
 * at its smallest here, 2 % of a tiny model's memory shows a leak and not that.
 */

const WARM_UP = 100;

interface Memory {
  readonly residentBytes: number;
  /** Live JavaScript objects and the native memory they hold. */
  readonly heapBytes: number;
}

async function measure(): Promise<Memory> {
  // Finalizers of native memory run after a collection, and what they free is seen by the next.
  for (let pass = 0; pass < 2; pass += 1) {
    globalThis.gc!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { residentBytes: rss, heapBytes: heapUsed + external };
}

async function soak(name: string, steps: number): Promise<{ warm: Memory; end: Memory }> {
  const engine = await selectEngine({ name });
  const state = engine.createStore(initialState());
  const step = engine.prepare({ name: 'train', run: runTrain, state, frozen: engine.createStore(new Map()) });
  const batches: readonly HostTensors[] = [batchOf(4), batchOf(6)];
  const train = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index += 1) {
      await step.run(batches[index % 2]!, mask);
    }
  };
  await train(0, WARM_UP);
  const warm = await measure();
  await train(WARM_UP, steps);
  return { warm, end: await measure() };
}

const [steps, name] = [Number(process.argv[2] ?? 10_000), process.argv[3] ?? 'onnx'];
const { warm, end } = await soak(name, steps);
const growth = { resident: end.residentBytes / warm.residentBytes - 1, heap: end.heapBytes / warm.heapBytes - 1 };
console.log(JSON.stringify({ name, steps, growth, warm, end }));
