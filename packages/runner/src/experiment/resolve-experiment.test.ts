import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { displayPath } from '@attune/base/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nudge, sampleCatalog, sampleDefinition, sampleFolder, tides } from '../../test/sample.ts';
import { resolveExperiment } from './resolve-experiment.ts';
import type { RunOptions } from './resolved.ts';

let folder: string;
beforeAll(() => {
  folder = sampleFolder();
});
afterAll(() => rmSync(folder, { recursive: true }));

const resolve = (definition: unknown, options: RunOptions = {}) =>
  resolveExperiment({
    definition,
    file: 'sample.json',
    baseDirectory: folder,
    catalog: sampleCatalog(folder),
    options,
  });

const messageOf = async (definition: unknown, options?: RunOptions): Promise<string> =>
  resolve(definition, options).then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message.replaceAll(displayPath(folder), '<folder>')}`,
  );

describe('resolveExperiment', () => {
  it('says what a task or a method of the file lacks', async () => {
    const tasks = ['tides', { name: 'mine', version: 1, directory: 'Mine', formulate: () => ({}), score: () => ({}) }];
    const arms = [{ method: { name: 'turn', attach: () => ({}) } }];
    expect(await messageOf({ ...sampleDefinition, tasks, arms })).toBe(
      'ConfigError: sample.json: tasks[1]: expected a task, got an object without metrics, formulations, patterns, exampleRow, ' +
        'parseRows, majority, chance\nsample.json: arms[0].method: expected a method, got an object without settings',
    );
  });

  it('expands trials by task, arm, model and seed, with defaults filled in', async () => {
    const { plans, arms } = await resolve(sampleDefinition);
    expect(plans.map(({ task, arm, model, seed }) => [task.name, arm.label, model.name, seed].join(' '))).toEqual([
      'tides nudge small 1',
      'tides nudge small 2',
      'tides zero-shot small 1',
      'tides zero-shot small 2',
      'winds nudge small 1',
      'winds nudge small 2',
      'winds zero-shot small 1',
      'winds zero-shot small 2',
    ]);
    expect(arms[0]!.settings).toEqual({ strength: 1, mode: 'up' });
    expect(plans[0]!.formulation).toBe('cloze');
  });

  it('takes methods as values and models that an arm does not apply to', async () => {
    const models = ['small', { name: 'small-random', directory: 'model', initialization: 'random' }];
    const arms = [{ method: nudge }, { method: 'zero-shot', models: ['small'] }];
    const { plans } = await resolve({ ...sampleDefinition, models, arms, tasks: ['tides'], seeds: [7] });
    expect(plans.map(({ arm, model }) => `${arm.label} ${model.name} ${model.initialization}`)).toEqual([
      'nudge small checkpoint',
      'nudge small-random random',
      'zero-shot small checkpoint',
    ]);
  });

  it("answers the names of Hugging Face's trainer with ours", async () => {
    const training = { per_device_train_batch_size: 8, num_train_epochs: 3, max_grad_norm: 1, learning_rate: 1e-4 };
    const message = await messageOf({ ...sampleDefinition, training, seed: 1, weight_decay: 0.1 });
    expect(message.split('\n').map((line) => line.replace(/[.] Known: .*/, ''))).toEqual([
      ...[
        ['training.per_device_train_batch_size', 'batchSize'],
        ['training.num_train_epochs', 'epochs'],
        ['training.max_grad_norm', 'maxGradientNorm'],
        ['training.learning_rate', 'learningRate'],
        ['seed', 'seeds'],
        ['weight_decay', 'training.weightDecay'],
      ].map(([place, name], index) => {
        const start = index === 0 ? 'ConfigError: ' : '';
        return `${start}sample.json: ${place}: unknown key "${place!.split('.').at(-1)}"; here it is "${name}"`;
      }),
    ]);
  });

  it('answers a model without its owner with the id of the hub', async () => {
    const models = ['bert-base-uncased', { name: 'gpt', directory: 'gpt2' }];
    expect(await messageOf({ ...sampleDefinition, models })).toBe(
      'ConfigError: sample.json: models[0]: unknown model "bert-base-uncased". Known: small; on the hub it is ' +
        '"google-bert/bert-base-uncased"\n' +
        'sample.json: models.gpt: <folder>/gpt2: no such folder; expected a model directory; on the hub it is ' +
        '"openai-community/gpt2"',
    );
  });

  it('takes data by the name that the catalogue has for it, in the file and on the command line', async () => {
    const catalog = { ...sampleCatalog(folder), data: { 'made-up': join(folder, 'data') } };
    const call = { file: 'sample.json', baseDirectory: '/elsewhere', catalog };
    const named = { ...sampleDefinition.data, directory: 'made-up' };
    const inFile = await resolveExperiment({ ...call, definition: { ...sampleDefinition, data: named } });
    const options = { data: 'made-up' };
    const byOption = await resolveExperiment({ ...call, definition: sampleDefinition, options });
    expect([inFile.dataDirectory, byOption.dataDirectory]).toEqual([join(folder, 'data'), join(folder, 'data')]);
  });

  it('gives an arm other rows, and each seed its own', async () => {
    const splits = { train: 'train32-{seed}', select: 'dev32-{seed}' };
    const arms = [
      { method: nudge },
      { method: nudge, label: 'few', data: { regime: 'few-shot-32', splits, mayBeAbsent: true } },
    ];
    const { plans } = await resolve({ ...sampleDefinition, arms, tasks: ['tides'] });
    expect(plans.map(({ arm, seed, data }) => [arm.label, seed, data.regime, ...Object.values(data.splits)])).toEqual([
      ['nudge', 1, 'full', 'train', 'dev', 'val'],
      ['nudge', 2, 'full', 'train', 'dev', 'val'],
      ['few', 1, 'few-shot-32', 'train32-1', 'dev32-1', 'val'],
      ['few', 2, 'few-shot-32', 'train32-2', 'dev32-2', 'val'],
    ]);
  });

  it('lets the more specific override win: experiment, task, arm, arm and task, command line', async () => {
    const { plans } = await resolve(
      {
        ...sampleDefinition,
        training: { learningRate: 1, batchSize: 1, epochs: 1, weightDecay: 1 },
        perTask: { winds: { training: { batchSize: 2, epochs: 2, weightDecay: 2 }, pattern: 'task' } },
        arms: [
          {
            method: 'nudge',
            training: { epochs: 3, weightDecay: 3 },
            perTask: { winds: { training: { weightDecay: 4 }, pattern: 'arm' } },
          },
        ],
        seeds: [1],
      },
      { maxSteps: 5 },
    );
    const [tides, winds] = plans;
    expect(tides!.training).toMatchObject({ learningRate: 1, batchSize: 1, epochs: 3, weightDecay: 3, maxSteps: 5 });
    expect(winds!.training).toMatchObject({ learningRate: 1, batchSize: 2, epochs: 3, weightDecay: 4, maxSteps: 5 });
    expect([tides!.pattern, winds!.pattern]).toEqual([undefined, 'arm']);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('knows nothing by the name %s', async (name) => {
    const keyed = <Value>(value: Value) => Object.fromEntries([[name, value]]);
    const message = await messageOf(
      {
        ...{
          ...sampleDefinition,
          models: [name],
          tasks: ['tides', name],
          perTask: keyed({}),
          engine: name,
          device: name,
        },
        arms: [{ method: name }, { method: 'nudge', settings: keyed(1), perTask: keyed({}) }],
      },
      { tasks: [name], methods: [name], models: [name] },
    );
    expect(message.split('\n').map((line) => line.replace(/(; did you mean .*|[.] Known: .*)/, ''))).toEqual([
      `ConfigError: sample.json: models[0]: unknown model "${name}"`,
      `sample.json: tasks[1]: unknown task "${name}"`,
      `sample.json: arms[0].method: unknown method "${name}"`,
      `sample.json: arms[1].settings.${name}: unknown key "${name}"`,
      `sample.json: perTask.${name}: unknown task "${name}"`,
      `sample.json: engine: unknown engine "${name}"`,
      `sample.json: device: unknown device "${name}"`,
      ...[
        `--tasks: unknown task "${name}"`,
        `--methods: unknown method "${name}"`,
        `--models: unknown model "${name}"`,
      ],
    ]);
  });

  it.each(['__proto__', 'constructor'])('has no override for %s where none is given', async (name) => {
    const task = { ...tides, name };
    const definition = { ...sampleDefinition, tasks: [task], arms: [{ method: 'nudge', perTask: {} }], perTask: {} };
    const { plans } = await resolve({
      ...definition,
      models: [{ name: 'of-a-folder', directory: 'model' }],
      seeds: [1],
    });
    expect(plans.map(({ task: { name: planned } }) => planned)).toEqual([name]);
  });

  it('lists every mistake at once, with file, path and nearest names', async () => {
    const message = await messageOf({
      ...sampleDefinition,
      name: 'Sample',
      titel: 'A sample',
      models: ['smal'],
      tasks: ['tides', 'wind'],
      arms: [
        { method: 'nugde' },
        { method: 'nudge', settings: { strength: '8', mode: 'left', power: 2 } },
        { method: 'zero-shot', training: { learningrate: 1, epochs: -1 } },
      ],
      seeds: [1, 1.5],
    });
    expect(message).toBe(
      [
        'ConfigError: sample.json: name: expected lower-case letters, digits, "-" and ".", got "Sample" (a string)',
        'sample.json: seeds[1]: expected an integer, got 1.5',
        'sample.json: titel: unknown key "titel"; did you mean "title"? Known: name, title, question, models, data, tasks, arms, formulation, training, perTask, seeds, engine, device',
        'sample.json: models[0]: unknown model "smal"; did you mean "small"? Known: small',
        'sample.json: tasks[1]: unknown task "wind"; did you mean "winds"? Known: tides, winds',
        'sample.json: arms[0].method: unknown method "nugde"; did you mean "nudge"? Known: nudge, zero-shot',
        'sample.json: arms[1].settings.strength: expected a number, got "8" (a string)',
        'sample.json: arms[1].settings.mode: expected one of "up", "down", got "left" (a string)',
        'sample.json: arms[1].settings.power: unknown key "power". Known: strength, mode',
        'sample.json: arms[2].training.epochs: expected a number more than 0, got -1',
        'sample.json: arms[2].training.learningrate: unknown key "learningrate"; did you mean "learningRate"? Known: learningRate, batchSize, epochs, maxSteps, warmupRatio, weightDecay, maxGradientNorm, l1, l2, dropout, maxLength, evaluationsPerEpoch, patience',
      ].join('\n'),
    );
  });

  it.each<[string, object, string]>([
    [
      'repeated labels',
      { arms: [{ method: 'nudge' }, { method: 'nudge' }] },
      'sample.json: arms: "nudge" is there more than once; give each arm its own label',
    ],
    [
      'a model an arm names',
      { arms: [{ method: 'nudge', models: ['smll'] }] },
      'sample.json: arms[0].models[0]: unknown model "smll"; did you mean "small"? Known: small',
    ],
    [
      'a task in perTask',
      { perTask: { tide: {} } },
      'sample.json: perTask.tide: unknown task "tide"; did you mean "tides"? Known: tides, winds',
    ],
    [
      'a formulation the task lacks',
      { tasks: ['tides'], arms: [{ method: 'nudge', formulation: 'head' }] },
      'sample.json: arms[0]: task "tides" cannot be posed with formulation "head"; try cloze',
    ],
    [
      'no data directory',
      { data: { ...sampleDefinition.data, directory: undefined } },
      'sample.json: data.directory: expected a folder with one folder per task, got nothing; pass --data <folder>',
    ],
    [
      'a missing data directory',
      { data: { ...sampleDefinition.data, directory: 'date' } },
      'sample.json: data.directory: <folder>/date: no such folder; expected a folder with Tides, Winds in it',
    ],
    [
      'a file as data directory',
      { data: { ...sampleDefinition.data, directory: 'model/config.json' } },
      'sample.json: data.directory: <folder>/model/config.json: is no folder but a file; expected a folder with Tides, Winds in it',
    ],
    ['repeated seeds', { seeds: [1, 2, 1, 1] }, 'sample.json: seeds: 1 is there more than once'],
    [
      'an engine',
      { engine: 'onyx' },
      'sample.json: engine: unknown engine "onyx"; did you mean "onnx"? Known: tensorflow-gpu, onnx, tensorflow, wasm',
    ],
    [
      'a device',
      { device: 'cude' },
      'sample.json: device: unknown device "cude"; did you mean "cuda"? Known: cpu, webgpu, cuda',
    ],
    [
      'a task in perTask where no task is known',
      { tasks: ['tidy'], perTask: { tides: {} } },
      'sample.json: tasks[0]: unknown task "tidy"; did you mean "tides"? Known: tides, winds\nsample.json: perTask.tides: unknown task "tides"',
    ],
    [
      'other folder names',
      { data: { ...sampleDefinition.data, directory: 'model' }, tasks: ['tides'] },
      'sample.json: data.directory: <folder>/model: expected a folder "Tides" (task tides), found config.json, model.safetensors, tokenizer.json',
    ],
    [
      'other file names',
      { data: { ...sampleDefinition.data, splits: { train: 'a', select: 'b', report: 'b' } }, tasks: ['tides'] },
      'sample.json: data.splits: <folder>/data/Tides: expected a.jsonl, b.jsonl, found dev.jsonl, train.jsonl, val.jsonl',
    ],
    [
      'a model directory without its files',
      { models: [{ name: 'x', directory: 'data' }] },
      'sample.json: models.x: <folder>/data: expected config.json, tokenizer.json, model.safetensors, found Tides, Winds',
    ],
    ['no object at all', { models: 3 }, 'sample.json: models: expected an array, got 3'],
  ])('explains %s', async (_title, change, expected) => {
    expect(await messageOf({ ...sampleDefinition, ...change })).toBe(`ConfigError: ${expected}`);
  });

  it('checks the names on the command line, all of them', async () => {
    const options = {
      tasks: ['tide'],
      methods: ['zeroshot'],
      models: ['small'],
      seeds: [3, 3],
      engine: 'wsm',
      device: 'gpu',
    };
    expect(await messageOf(sampleDefinition, options)).toBe(
      [
        'ConfigError: --engine: unknown engine "wsm"; did you mean "wasm"? Known: tensorflow-gpu, onnx, tensorflow, wasm',
        '--device: unknown device "gpu"; did you mean "cpu"? Known: cpu, webgpu, cuda',
        '--seeds: 3 is there more than once',
        '--tasks: unknown task "tide"; did you mean "tides"? Known: tides, winds',
        '--methods: unknown method "zeroshot"; did you mean "zero-shot"? Known: nudge, zero-shot',
      ].join('\n'),
    );
  });

  it('finds folders in any case, and val, dev and validation for one another', async () => {
    const data = join(folder, 'other-names');
    mkdirSync(join(data, 'winds'), { recursive: true });
    for (const name of ['Train.jsonl', 'validation.jsonl']) writeFileSync(join(data, 'winds', name), '');
    const experiment = await resolve(sampleDefinition, { data, tasks: ['winds'] });
    const files = ['train', 'dev', 'val', 'test'].map((split) => experiment.splitFile(experiment.tasks[0]!, split));
    expect(files.map((file) => relative(data, file))).toEqual([
      ...['winds/Train.jsonl', 'winds/validation.jsonl', 'winds/validation.jsonl', 'Winds/test.jsonl'],
    ]);
    // What was found stays what it was, whatever comes and goes during the run.
    writeFileSync(join(data, 'winds', 'test.jsonl'), '');
    expect(experiment.splitFile(experiment.tasks[0]!, 'test')).toBe(files[3]);
  });

  it('refuses a split without a file, unless the data says that it may be absent', async () => {
    const splits = { train: 'training', select: 'dev', report: 'val' };
    expect(await messageOf({ ...sampleDefinition, data: { ...sampleDefinition.data, splits } })).toBe(
      ['Tides', 'Winds']
        .map(
          (task, index) =>
            `${index === 0 ? 'ConfigError: ' : ''}sample.json: data.splits: <folder>/data/${task}: expected training.jsonl, found dev.jsonl, train.jsonl, val.jsonl; did you mean "train"?`,
        )
        .join('\n'),
    );
    const data = join(folder, 'one-lacks-val');
    for (const [task, names] of [
      ['Tides', ['train', 'dev32']],
      ['Winds', ['train', 'dev32', 'val']],
    ] as const) {
      mkdirSync(join(data, task), { recursive: true });
      for (const name of names) writeFileSync(join(data, task, `${name}.jsonl`), '');
    }
    const definition = {
      ...sampleDefinition,
      data: { regime: 'few-shot-32', splits: { train: 'train', select: 'dev32', report: 'val' } },
    };
    expect(await messageOf(definition, { data })).toBe(
      'ConfigError: sample.json: data.splits: <folder>/one-lacks-val/Tides: expected val.jsonl, found dev32.jsonl, train.jsonl; ' +
        'Winds has it: leave tides out, or say perTask: { tides: { data: { mayBeAbsent: true } } }',
    );
    const { plans } = await resolve({ ...definition, perTask: { tides: { data: { mayBeAbsent: true } } } }, { data });
    expect(plans).toHaveLength(8);
  });

  it('keeps the place of arm and pattern in the file', async () => {
    const { plans } = await resolve({
      ...sampleDefinition,
      perTask: { winds: { pattern: 'task' } },
      arms: [{ method: 'nudge' }, { method: 'zero-shot', perTask: { tides: { pattern: 'arm' } } }],
      seeds: [1],
    });
    expect(plans.map(({ place }) => place)).toEqual([
      { arm: 'sample.json: arms[0]', pattern: 'sample.json: arms[0]' },
      { arm: 'sample.json: arms[1]', pattern: 'sample.json: arms[1].perTask.tides.pattern' },
      { arm: 'sample.json: arms[0]', pattern: 'sample.json: perTask.winds.pattern' },
      { arm: 'sample.json: arms[1]', pattern: 'sample.json: perTask.winds.pattern' },
    ]);
  });

  it('narrows to what the command line names, and ignores what is missing elsewhere', async () => {
    const data = join(folder, 'only-winds');
    rmSync(data, { recursive: true, force: true });
    mkdirSync(join(data, 'Winds'), { recursive: true });
    for (const split of ['train', 'dev', 'val']) writeFileSync(join(data, 'Winds', `${split}.jsonl`), '');
    const { plans } = await resolve(sampleDefinition, { data, tasks: ['winds'], methods: ['nudge'], seeds: [9] });
    expect(plans.map(({ task, arm, seed }) => `${task.name} ${arm.label} ${seed}`)).toEqual(['winds nudge 9']);
  });
});
