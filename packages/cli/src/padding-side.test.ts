import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { floatTensor, type HostTensors } from '@attune/base';
import { createOnnxEngine, type Engine } from '@attune/engine';
import { WorkerCaches } from '@attune/runner/node';
import { expectAllClose } from '@attune/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { runTinyTrial, type TrialNumbers } from '../test/tiny-trial.ts';
import { tinyWorld } from '../test/tiny-world.ts';
import { catalog } from './catalog.ts';

const llama = {
  ...{ model_type: 'llama', hidden_size: 16, intermediate_size: 32, num_hidden_layers: 2, num_attention_heads: 2 },
  initializer_range: 0.3,
};
const gpt2 = { model_type: 'gpt2', n_embd: 16, n_inner: 32, n_layer: 2, n_head: 2, n_positions: 64 };
const worlds = { bert: undefined, gpt2: { ...gpt2, initializer_range: 0.3 }, llama };

// Without dropout, whose masks are drawn by place; with steps so small that AdamW does not make rounding errors of
// gradients near 0 into whole steps.
const training = { maxSteps: 4, dropout: 0, learningRate: 1e-5 };
const posed = [
  { task: 'rte', formulation: 'head' },
  { task: 'copa', formulation: 'cloze' },
] as const;
const methods = catalog.methods.filter(({ name }) => name !== 'zero-shot');

const numbers = ({ losses, scores }: TrialNumbers): HostTensors =>
  new Map([losses, ...scores].map((row, index) => [`row ${index}`, floatTensor([row.length], [...row])]));

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

describe.each(Object.entries(worlds))('%s', (_, config) => {
  let world: Awaited<ReturnType<typeof tinyWorld>>;
  beforeAll(async () => {
    world = await tinyWorld(config);
  });
  afterAll(() => world.remove());

  describe.each(methods.map((method) => ({ name: method.name, method })))('$name', ({ method }) => {
    it.each(posed)('is the same with padding on either side: $task as $formulation', async (posing) => {
      const once = (side: 'left' | 'right') => {
        const config = join(world.folder, 'model', 'tokenizer_config.json');
        writeFileSync(config, JSON.stringify({ padding_side: side }));
        const trial = { method, ...posing, training };
        return runTinyTrial(trial, { folder: world.folder, engine, caches: new WorkerCaches() });
      };
      const right = numbers(await once('right'));
      // Sums are taken in another order: measured, 3e-6 of scores up to 21 is the most that it and four steps make.
      expectAllClose(numbers(await once('left')), right, { relative: 1e-6, absolute: 5e-6 });
    });
  });
});
