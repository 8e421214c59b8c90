import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostTensors, randomSource } from '@attune/base';
import { writeSafetensors } from '@attune/checkpoints';
import { loadModelDirectory, saveModelDirectory } from '@attune/checkpoints/node';
import { type FineTuningMethod, type Formulated, type Instance, initializeParameters, type Task } from '@attune/core';
import { sampleEnvironment } from '@attune/records/testing';
import { referenceEngine } from '@attune/testing';
import { zeroShot } from '@attune/zero-shot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tideLines, tides } from '../../test/tide-task.ts';
import { saveTinyModel } from '../../test/tiny-model.ts';
import { arm, defineExperiment } from '../experiment/definition.ts';
import { resolveExperiment } from '../experiment/resolve-experiment.ts';
import type { ExperimentDefinition } from '../experiment/schema.ts';
import { expandTrials, splitFiles } from './expand-trials.ts';
import { preflight } from './preflight.ts';
import { prepareTrial, WorkerCaches } from './prepare-trial.ts';
import { runTrial } from './run-trial.ts';

type TideRow = Parameters<typeof tides.score>[0][number];

/** Tides, posed to a classification head too. */
const posable: Task<TideRow> = {
  ...tides,
  formulations: ['head', 'cloze'],
  formulate(call) {
    const cloze = tides.formulate(call);
    if (call.formulation === 'cloze') return cloze;
    const { verbalizer: _, ...rest } = cloze;
    const instances = cloze.instances.map(
      (instance): Instance => ({ ...instance, kind: 'classification' }) as Instance,
    );
    return { ...rest, kind: 'classification', instances } as Formulated<TideRow>;
  },
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attune-notes-'));
  await saveTinyModel(join(folder, 'whole'));
  const loaded = await loadModelDirectory(join(folder, 'whole'));
  const { values } = loaded;
  const without = (pattern: RegExp) => new Map([...values].filter(([name]) => !pattern.test(name)));
  for (const [name, kept] of [
    ['no-pooler', without(/pooler/)],
    ['no-head', without(/^cls\./)],
    ['bare', without(/pooler|^cls\./)],
    ['more', new Map([...values, ['cls.seq_relationship.weight', values.get('bert.pooler.dense.bias')!]])],
  ] as const) {
    await saveTinyModel(join(folder, name));
    writeFileSync(join(folder, name, 'model.safetensors'), writeSafetensors(kept as HostTensors));
  }
  const dtypes = new Map([...values.keys()].map((name) => [name, 'F16' as const]));
  await saveModelDirectory(join(folder, 'half'), { ...loaded, dtypes });
  mkdirSync(join(folder, 'data', 'Tides'), { recursive: true });
  writeFileSync(join(folder, 'data', 'Tides', 'train.jsonl'), tideLines(8));
  writeFileSync(join(folder, 'data', 'Tides', 'dev.jsonl'), tideLines(4, 3));
  writeFileSync(join(folder, 'data', 'Tides', 'val.jsonl'), tideLines(6, 5));
});
afterAll(() => rmSync(folder, { recursive: true }));

const everything = {
  ...zeroShot,
  name: 'everything',
  attach: () => ({ ...zeroShot.attach({} as never), isTrainable: () => true }),
};

async function resolved(
  directory: string,
  change: Partial<ExperimentDefinition> & { readonly draw?: ['lm-head'] } = {},
) {
  const { draw, ...rest } = change;
  const definition = defineExperiment({
    ...{ name: 'notes', title: 'Notes', question: 'What should a reader know?' },
    models: [{ name: 'tiny', directory, ...(draw === undefined ? {} : { draw }) }],
    data: { directory: 'data', regime: 'full', splits: { train: 'train', select: 'dev', report: 'val' } },
    tasks: [posable as Task],
    arms: [arm(zeroShot, {})],
    training: { batchSize: 8, epochs: 1, maxLength: 16, warmupRatio: 0 },
    seeds: [1, 2],
    ...rest,
  });
  const catalog = { methods: [], tasks: [], models: {}, codeDirectories: {} };
  return resolveExperiment({ definition, file: 'notes.ts', baseDirectory: folder, catalog });
}

async function prepared(...call: Parameters<typeof resolved>) {
  const experiment = await resolved(...call);
  const caches = new WorkerCaches();
  return Promise.all(
    experiment.plans.map((plan) => prepareTrial({ plan, files: splitFiles(experiment, plan), caches })),
  );
}

describe('what a checkpoint lacks', () => {
  it('is drawn from the seed of the trial, whichever trial a worker has first', async () => {
    const [first, second] = await prepared('no-pooler', { formulation: 'head' });
    for (const [seed, trial] of [
      [1, first!],
      [2, second!],
    ] as const) {
      const poolers = trial.model.parameters.filter(({ role }) => role === 'pooler');
      const drawn = initializeParameters(poolers, randomSource(seed).fork('model'));
      for (const { name } of poolers) expect(trial.values.get(name)).toEqual(drawn.get(name));
      expect([...trial.values.keys()]).toEqual(trial.model.parameters.map(({ name }) => name));
    }
    expect(first!.values.get('bert.pooler.dense.weight')).not.toEqual(second!.values.get('bert.pooler.dense.weight'));
    const [embeddings] = first!.model.parameters;
    expect(first!.values.get(embeddings!.name)).toBe(second!.values.get(embeddings!.name));
  });

  it('is told with its fate, where the trial reads it', async () => {
    const notes = async (...call: Parameters<typeof resolved>) => (await prepared(...call))[0]!.notes;
    const drawn =
      "pooler: not in the checkpoint (bert.pooler.dense.weight, bert.pooler.dense.bias), drawn from the trial's seed";
    expect(await notes('bare', { formulation: 'head' })).toEqual([
      `${drawn} and left as it was drawn: the method does not train it`,
    ]);
    expect(await notes('no-pooler', { formulation: 'head', arms: [arm(everything, {})] })).toEqual([
      `${drawn} and trained`,
    ]);
    expect(await notes('no-pooler', { formulation: 'cloze' })).toEqual([]);
    const random = [{ name: 'tiny', directory: 'no-pooler', initialization: 'random' as const }];
    expect(await notes('no-pooler', { formulation: 'head', models: random })).toEqual([]);
  });

  it('is refused where it is the head of a cloze, before the first trial, unless it is asked for by name', async () => {
    const reason =
      'model "tiny": the checkpoint has no language-model head (cls.predictions.bias, ' +
      'cls.predictions.transform.dense.weight, cls.predictions.transform.dense.bias and 2 more), which formulation ' +
      '"cloze" reads; take a checkpoint that has one, choose formulation: \'head\', or ask for one that is drawn from the ' +
      "seed: { name: 'tiny', directory: …, draw: ['lm-head'] }";
    const experiment = await resolved('no-head');
    await expect(preflight(experiment, experiment.plans)).rejects.toThrow(
      `notes.ts: arms[0]: arm "zero-shot", task "tides": ${reason}`,
    );
    await expect(prepared('no-head')).rejects.toThrow(reason);
    const asked = await resolved('no-head', { draw: ['lm-head'] });
    await preflight(asked, asked.plans);
    const [first] = await prepared('no-head', { draw: ['lm-head'] });
    expect(first!.notes).toEqual([
      expect.stringMatching(/^lm-head: not in the checkpoint \(.* and 2 more\), drawn from the/),
    ]);
    const head = await resolved('no-head', { formulation: 'head' });
    await preflight(head, head.plans);
  });
});

describe('the record of a trial', () => {
  const notesOf = async (...call: Parameters<typeof resolved>) => {
    const experiment = await resolved(...call);
    const surroundings = { engine: { name: 'reference', device: 'cpu' }, libraries: {}, code: 'c'.repeat(64) };
    const [trial] = await expandTrials(experiment, surroundings);
    const context = {
      experiment,
      engine: referenceEngine(),
      environment: sampleEnvironment,
      caches: new WorkerCaches(),
    };
    const { record } = await runTrial(trial!, context);
    expect(record.message).toBeUndefined();
    return record.notes;
  };

  it('says what was ignored, cast and cut, and which settings could not be followed', async () => {
    expect(await notesOf('more')).toEqual(['not used by the model: cls.seq_relationship.weight']);
    expect(await notesOf('half')).toEqual(['weights: stored as F16, computed in F32']);
    // [CLS] the sea is calm a . [MASK] [SEP] are nine tokens.
    const training = { batchSize: 64, epochs: 1, maxLength: 9, warmupRatio: 0.1 };
    expect(await notesOf('whole', { arms: [arm(everything, {})], training })).toEqual([
      'train: 8 of 8 sequences fill all 9 tokens; longer texts were cut to that',
      'dev: 4 of 4 sequences fill all 9 tokens; longer texts were cut to that',
      'val: 6 of 6 sequences fill all 9 tokens; longer texts were cut to that',
      'batchSize 64: there are 8 instances to train on, so a step takes all of them',
      'warmupRatio 0.1: the only step warms up, so its learning rate is 0',
    ]);
    const head = { formulation: 'head' as const, arms: [arm(zeroShot, {}, { pattern: 'short' })] };
    expect(await notesOf('whole', head)).toEqual(['pattern "short": a head reads none, so it has no effect']);
  });

  it('says that settings leave nothing to train', async () => {
    const freezing: FineTuningMethod<{ freeze: string }> = {
      ...{ name: 'freezing', settings: z.strictObject({ freeze: z.string() }) },
      attach: () => zeroShot.attach({} as never),
    };
    expect(await notesOf('whole', { arms: [arm(freezing, { freeze: '*' })] })).toEqual([
      'freezing: these settings leave nothing of the model to train under formulation "cloze", so it is evaluated as it is',
    ]);
  });

  it('says nothing where all is as it was asked for', async () => {
    expect(await notesOf('whole')).toEqual([]);
  });
});
