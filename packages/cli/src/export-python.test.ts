import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { floatTensor, type HostTensors } from '@attune/base';
import { displayPath } from '@attune/base/node';
import { loadModelDirectory, readSafetensorsFile } from '@attune/checkpoints/node';
import type { Instance, InstanceOutput } from '@attune/core';
import { createOnnxEngine, type Engine } from '@attune/engine';
import { fromPeft } from '@attune/lora';
import { experimentRecordSchema, trialRecordSchema, unpackPredictions } from '@attune/records';
import { type PreparedTrial, prepareTrial, readScores, WorkerCaches } from '@attune/runner/node';
import { expectAllClose } from '@attune/testing';
import { evaluateModel, evaluateTrained } from '@attune/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune, readAllRecords } from '../test/attune.ts';
import { planOf, tinyFiles } from '../test/tiny-trial.ts';
import { promptTraining, tinyWorld, writeExperiment } from '../test/tiny-world.ts';
import { catalog } from './catalog.ts';

const arms = [
  { label: 'full', method: 'full-fine-tuning', settings: {}, formulation: 'head' },
  { label: 'lora-head', method: 'lora', settings: { rank: 2 }, formulation: 'head' },
  { label: 'lora-cloze', method: 'lora', settings: { rank: 2, alpha: 32 }, formulation: 'cloze' },
  { label: 'p-tuning', method: 'p-tuning', settings: {}, formulation: 'cloze', training: promptTraining },
] as const;
type Label = (typeof arms)[number]['label'];

const posed = (['full', 'lora-head', 'lora-cloze'] as const).flatMap((label) =>
  (['boolq', 'copa'] as const).map((task) => ({ label, task })),
);
const tolerance = { relative: 1e-5, absolute: 1e-5 };

let world: Awaited<ReturnType<typeof tinyWorld>>;
let engine: Engine;
const at = (...names: string[]) => join(world.folder, ...names);

beforeAll(async () => {
  world = await tinyWorld();
  engine = await createOnnxEngine({ threads: 1 });
  const experiment = writeExperiment(world.folder, { arms, seeds: [1] });
  const run = ['run', experiment, '--out', at('out'), '--workers', '1', '--max-steps', '40', '--save-weights'];
  expect(await attune(run)).toMatchObject({ code: 0, stderr: '' });
  expect(readAllRecords(at('out')).size).toBe(2 * arms.length);
}, 60_000);
afterAll(async () => {
  await engine.dispose();
  world.remove();
});

interface Posing {
  readonly label: Label;
  readonly task: string;
}

function fileOf({ label, task }: Posing, folder: 'records' | 'weights'): string {
  const { trials } = experimentRecordSchema.parse(JSON.parse(readFileSync(at('out', 'experiment.json'), 'utf8')));
  const { key } = trials.find((trial) => trial.task === task && trial.arm === label)!;
  return at('out', folder, readdirSync(at('out', folder)).find((name) => name.includes(`--${key.slice(0, 8)}.`))!);
}

async function exported(posing: Posing, format: string) {
  const folder = at(`${posing.task}-${posing.label}-${format}`);
  const args = ['export', fileOf(posing, 'records'), '--format', format, '--out', folder];
  const { code, stdout, stderr } = await attune(args);
  return { folder, code, stdout, stderr: stderr.replaceAll(`${displayPath(world.folder)}/`, '') };
}

/** The trial as it was trained: what is needed to evaluate it, and the outputs on the reported split. */
async function trained({ label, task }: Posing) {
  const { method: name, settings, formulation } = arms.find((arm) => arm.label === label)!;
  const method = catalog.methods.find((known) => known.name === name)!;
  const plan = planOf({ method, settings, task, formulation }, world.folder);
  const prepared = await prepareTrial({ plan, files: tinyFiles(plan, world.folder), caches: new WorkerCaches() });
  const { instances } = prepared.report.formulated;
  const call = { ...prepared, engine, settings: plan.training, random: prepared.random.fork('training') };
  const evaluate = (values: HostTensors, given: readonly Instance[] = instances) =>
    evaluateTrained({ ...call, trained: values }, given);
  const { tensors } = await readSafetensorsFile(fileOf({ label, task }, 'weights'));
  return { prepared, instances, evaluate, expected: scores(await evaluate(tensors)) };
}

/** The outputs are those that the trial recorded: scores to the six digits that are kept, answers and metrics as they are. */
async function expectRecorded(
  posing: Posing,
  { outputs, prepared }: { readonly outputs: readonly InstanceOutput[]; readonly prepared: PreparedTrial },
): Promise<void> {
  const record = trialRecordSchema.parse(JSON.parse(readFileSync(fileOf(posing, 'records'), 'utf8')));
  const kept = (await readScores(at('out'), record))!;
  expectAllClose(scores(outputs), scores(kept.map((row) => ({ scores: row! }))), tolerance);
  const { rows, formulated } = prepared.report;
  const predictions = formulated.predict(rows, outputs);
  const answers = (given: readonly { readonly id: string; readonly predicted: string }[]) =>
    given.map(({ id, predicted }) => `${id} ${predicted}`);
  expect(answers(predictions)).toEqual(answers(unpackPredictions(record.predictions)));
  const task = catalog.tasks.find(({ name }) => name === posing.task)!;
  expect(record.scores).toMatchObject(task.score(rows, predictions));
}

const scores = (outputs: readonly InstanceOutput[]): HostTensors =>
  new Map(outputs.map((output, index) => [`instance ${index}`, floatTensor([output.scores.length], output.scores)]));

describe('attune export --format transformers', () => {
  it.each(posed)('gives the outputs of the trained model when it is loaded: $label, $task', async (posing) => {
    const { folder, code, stdout } = await exported(posing, 'transformers');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Model: \S+, \d+\.\d KiB\nIts outputs on \d+ examples are the trained model's: largest/);
    const files = ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
    expect(readdirSync(folder).sort()).toEqual(files);
    const { prepared, instances, expected } = await trained(posing);
    const { model, values, config } = await loadModelDirectory(folder);
    const head = (await readSafetensorsFile(join(folder, 'model.safetensors'))).tensors;
    const { objective } = prepared;
    const call = { engine, model, objective, values: new Map([...values, ...head]), padId: 0 };
    const outputs = await evaluateModel(call, instances);
    expectAllClose(scores(outputs), expected, tolerance);
    await expectRecorded(posing, { outputs, prepared });
    const names = prepared.model.parameters.filter(({ role }) => !objective.unusedRoles.includes(role));
    expect([...head.keys()].sort()).toEqual([...names, ...objective.parameters].map(({ name }) => name).sort());
    expect(config).toMatchObject({ dtype: 'float32', architectures: [architectureOf(posing)] });
  });

  it('writes a card that says what it is and how to run it', async () => {
    const card = readFileSync(at('boolq-lora-cloze-transformers', 'README.md'), 'utf8');
    expect(card).toMatch(
      /^---\nlibrary_name: transformers\npipeline_tag: fill-mask\ntags:\n {2}- attune\n {2}- lora\n/,
    );
    expect(card).toContain('| Method | lora `{"rank":2,"alpha":32,');
    expect(card).toMatch(
      /\| Score on dev \| \d+\.\d, the best of all evaluations, at step \d+ \|\n\| Scores on val \| acc/,
    );
    expect(card).toContain('largest is the answer:\n\n- false: false\n- true: true\n');
    expect(card).toMatch(/```python\nimport torch\nfrom transformers import AutoModelForMaskedLM, AutoTokenizer\n/);
    expect(card).toMatch(/^```sh\nnpx attune run .*\nnpx attune export \S+\.json --format transformers\n```$/m);
    const head = readFileSync(at('boolq-full-transformers', 'README.md'), 'utf8');
    expect(head).toContain('AutoModelForSequenceClassification.from_pretrained(".")');
    expect(head).toContain('Labels, in the order of the logits: false, true.');
  });

  it('refuses a method whose parts do not merge, and names the formats that would do', async () => {
    expect(await exported({ label: 'p-tuning', task: 'boolq' }, 'transformers')).toMatchObject({
      code: 2,
      stderr:
        'p-tuning · boolq · tiny · seed 1: what p-tuning adds cannot be merged into the weights of a model directory; ' +
        '--format onnx would work\n',
    });
    expect(readdirSync(world.folder).filter((name) => name.includes('p-tuning'))).toEqual([]);
  });

  it('leaves a folder that has something as it was', async () => {
    const folder = at('boolq-full-transformers');
    const before = readFileSync(join(folder, 'model.safetensors'));
    expect(await exported({ label: 'full', task: 'boolq' }, 'transformers')).toMatchObject({
      code: 2,
      stderr:
        'boolq-full-transformers: is not empty; choose another --out, or replace an earlier export with --force\n',
    });
    expect(readFileSync(join(folder, 'model.safetensors')).equals(before)).toBe(true);
    expect(readdirSync(world.folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('attune export --format peft', () => {
  it.each(posed.filter(({ label }) => label !== 'full'))(
    'gives the outputs of the trained model over the base: $label, $task',
    async (posing) => {
      const { folder, code } = await exported(posing, 'peft');
      expect(code).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(['README.md', 'adapter_config.json', 'adapter_model.safetensors']);
      const config = readFileSync(join(folder, 'adapter_config.json'), 'utf8');
      const { tensors } = await readSafetensorsFile(join(folder, 'adapter_model.safetensors'));
      const { prepared, evaluate, expected } = await trained(posing);
      const adapter = fromPeft(prepared.model, { config, tensors });
      const outputs = await evaluate(adapter.values);
      expectAllClose(scores(outputs), expected, { relative: 0, absolute: 0 });
      await expectRecorded(posing, { outputs, prepared });
      const isClassification = posing.label === 'lora-head' && posing.task === 'boolq';
      expect(JSON.parse(config)).toMatchObject({
        ...{ base_model_name_or_path: '../model', revision: null, r: 2 },
        lora_alpha: posing.label === 'lora-cloze' ? 32 : 8,
        task_type: isClassification ? 'SEQ_CLS' : null,
      });
    },
  );

  it('writes a card that says how the base model is created', () => {
    const card = readFileSync(at('boolq-lora-head-peft', 'README.md'), 'utf8');
    expect(card).toMatch(/^---\nlibrary_name: peft\npipeline_tag: text-classification\n/);
    expect(card).toContain('base = "../model"\n');
    expect(card).toContain('from_pretrained(base, padding_side="right", pad_token="[PAD]")\n');
    expect(card).toContain('    dtype=torch.float32,\n    id2label={0: "false", 1: "true"},\n');
    expect(card).toContain('model = PeftModel.from_pretrained(model, ".").eval()');
  });

  it.each([
    ['full', 'full · boolq · tiny · seed 1: full-fine-tuning', 'onnx or transformers'],
    ['p-tuning', 'p-tuning · boolq · tiny · seed 1: p-tuning', 'onnx'],
  ] as const)('refuses %s, and names the formats that would do', async (label, start, formats) => {
    const { code, stderr } = await exported({ label, task: 'boolq' }, 'peft');
    expect(stderr).toBe(`${start} has no form that PEFT loads; --format ${formats} would work\n`);
    expect(code).toBe(2);
  });
});

function architectureOf({ label, task }: Posing): string {
  if (label === 'lora-cloze') return 'BertForMaskedLM';
  return task === 'copa' ? 'BertForMultipleChoice' : 'BertForSequenceClassification';
}
