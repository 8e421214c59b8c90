import { createOnnxEngine } from '@attune/engine';
import { WorkerCaches } from '@attune/runner/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runTinyTrial, type TinyTrial } from '../test/tiny-trial.ts';
import { tinyWorld } from '../test/tiny-world.ts';
import { catalog } from './catalog.ts';

let world: Awaited<ReturnType<typeof tinyWorld>>;
const caches = new WorkerCaches();

// Wide enough for ONNX Runtime to share single products among threads, with more columns than rows in some of them.
beforeAll(async () => {
  world = await tinyWorld({ hidden_size: 128, intermediate_size: 512, num_attention_heads: 2 });
});
afterAll(() => world.remove());

async function trainWith(threads: number, trial: TinyTrial) {
  const engine = await createOnnxEngine({ threads });
  const numbers = await runTinyTrial(trial, { folder: world.folder, engine, caches });
  await engine.dispose();
  return numbers;
}

const trials = catalog.methods.flatMap((method) =>
  [
    { task: 'rte', formulation: 'head' } as const,
    { task: 'boolq', formulation: 'cloze' } as const,
    { task: 'copa', formulation: 'head' } as const,
  ].map((posing) => ({ name: method.name, method, ...posing })),
);

it.each(trials)('one thread and two give the same bits: $name, $task as $formulation', async (posing) => {
  const trial = { ...posing, training: { batchSize: 12, epochs: 4 } };
  const one = await trainWith(1, trial);
  expect(await trainWith(2, trial)).toEqual(one);
});
