import { createOnnxEngine, type Engine, type OnnxEngineOptions } from '@attune/engine';
import { WorkerCaches } from '@attune/runner/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune, readAllRecords, timeless } from '../test/attune.ts';
import { runTinyTrial, type TinyTrial } from '../test/tiny-trial.ts';
import { promptTraining, tinyWorld, writeExperiment } from '../test/tiny-world.ts';
import { catalog } from './catalog.ts';

let world: Awaited<ReturnType<typeof tinyWorld>>;
const caches = new WorkerCaches();

beforeAll(async () => {
  world = await tinyWorld({ hidden_size: 64, intermediate_size: 256, num_attention_heads: 2 });
});
afterAll(() => world.remove());

const posed = [
  { task: 'rte', formulation: 'head' },
  { task: 'boolq', formulation: 'cloze' },
] as const;

// Noise keeps what lies above it from being computed once; without it the whole frozen part is.
const noises = [{}, { dropout: 0 }];

const trainIn = (engine: Engine, trial: TinyTrial) => runTinyTrial(trial, { folder: world.folder, engine, caches });

async function trainAlone(options: OnnxEngineOptions, trial: TinyTrial) {
  const engine = await createOnnxEngine(options);
  const numbers = await trainIn(engine, trial);
  await engine.dispose();
  return numbers;
}

/** An engine that is not told what belongs to single examples, so that a step stays one graph. */
const whole = (engine: Engine): Engine => ({
  ...{ name: engine.name, device: engine.device },
  createStore: (values) => engine.createStore(values),
  prepare: ({ perExample, ...definition }) => engine.prepare(definition),
  dispose: () => engine.dispose(),
});

describe.each(catalog.methods.map((method) => ({ name: method.name, method })))('$name', ({ name, method }) => {
  const trials = posed.flatMap((posing) => noises.map((training) => ({ ...posing, training })));

  it.each(trials)('gives the same bits hoisted or not, by a cached session or a fresh engine: %o', async (posing) => {
    const trial = { ...posing, method };
    const fresh = await trainAlone({}, trial);
    expect(fresh.losses).toHaveLength(name === 'zero-shot' ? 0 : 9);
    expect(fresh.scores.flat().every(Number.isFinite)).toBe(true);
    expect(await trainAlone({ hoist: false }, trial)).toEqual(fresh);
    expect(await trainAlone({ hoistMemoryBytes: 0 }, trial)).toEqual(fresh);
    const engine = await createOnnxEngine();
    expect(await trainIn(whole(engine), trial)).toEqual(fresh);
    await trainIn(engine, { ...trial, training: { ...trial.training, learningRate: 1e-2 } });
    expect(await trainIn(engine, trial)).toEqual(fresh);
    await engine.dispose();
  });
});

describe('attune run', () => {
  /** Every method, posed both ways, as records by file name. */
  async function run(name: string, ...options: readonly string[]) {
    const arms = catalog.methods.flatMap((method) =>
      (['head', 'cloze'] as const).map((formulation) => ({
        ...{ method: method.name, label: `${method.name}-${formulation}`, formulation },
        ...(method.name === 'p-tuning' && { training: promptTraining }),
      })),
    );
    const file = writeExperiment(world.folder, { tasks: ['rte'], arms, seeds: [1] }, 'bits');
    const out = `${world.folder}/${name}`;
    const { code, stderr } = await attune(['run', file, '--out', out, ...options]);
    expect(code, stderr).toBe(0);
    return new Map([...readAllRecords(out)].map(([record, content]) => [record, timeless(content)]));
  }

  it('writes the same records alone or beside another worker, hoisted in memory, in files or not', async () => {
    const alone = await run('alone', '--workers', '1', '--threads', '1');
    expect(alone.size).toBe(2 * catalog.methods.length);
    const files = ['--hoist-memory', '0', '--hoist-directory', `${world.folder}/scratch`];
    expect(await run('beside', '--workers', '2', ...files)).toEqual(alone);
    expect(await run('plain', '--workers', '1', '--threads', '2', '--no-hoist')).toEqual(alone);
    // Three runs of ten trials, 25 s of processor time: minutes where other processes want the cores.
  }, 300_000);
});
