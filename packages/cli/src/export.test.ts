import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportTrial, findRecord } from '@attune/export';
import {
  experimentRecordSchema,
  recordFileName,
  recordText,
  sealed,
  type TrialRecord,
  trialKey,
  trialRecordSchema,
  unpackPredictions,
} from '@attune/records';
import { lineProgress, readScores } from '@attune/runner/node';
import * as web from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune, readAllRecords, spawnAttune } from '../test/attune.ts';
import { promptTraining, tinyWorld, writeExperiment } from '../test/tiny-world.ts';
import { catalog } from './catalog.ts';
import { repository } from './places.ts';

let world: Awaited<ReturnType<typeof tinyWorld>>;
let experiment: string;
const at = (...names: string[]) => join(world.folder, ...names);
const files = ['README.md', 'config.json', 'example.mjs', 'model.onnx', 'tokenizer.json', 'tokenizer_config.json'];

beforeAll(async () => {
  world = await tinyWorld();
  const arms = [
    { method: 'lora', settings: { rank: 2 }, formulation: 'head' },
    { method: 'p-tuning', training: promptTraining },
    { method: 'full-fine-tuning', training: { learningRate: 1e30, epochs: 2 } },
  ];
  experiment = writeExperiment(world.folder, { arms, seeds: [1] });
  const run = ['run', experiment, '--out', at('out'), '--workers', '1', '--max-steps', '40', '--save-weights'];
  const { code, stderr } = await spawnAttune(run).finished;
  expect(stderr).toBe('');
  expect(code).toBe(1);
  // What the example imports, found from the folder of an export.
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), at('node_modules'));
}, 60_000);
afterAll(() => world.remove());

/** File and content of the record of a task and method. */
function record(task: string, method: string): { readonly file: string; readonly record: TrialRecord } {
  const [name, found] = [...readAllRecords(at('out'))].find(([name]) => name.startsWith(`${task}--${method}--`))!;
  return { file: at('out', 'records', name), record: found };
}

/** A record that nothing gives away, in the folder of another run of the experiment. @returns its file */
function forged(changed: TrialRecord): string {
  const record = sealed({ ...changed, key: trialKey(changed.config) });
  const experiment = experimentRecordSchema.parse(JSON.parse(readFileSync(at('out', 'experiment.json'), 'utf8')));
  const file = at('forged', 'records', recordFileName(record));
  rmSync(at('forged'), { recursive: true, force: true });
  mkdirSync(at('forged', 'records'), { recursive: true });
  writeFileSync(file, recordText(record));
  writeFileSync(at('forged', 'experiment.json'), recordText(sealed({ ...experiment, trials: [] })));
  return file;
}

/** Exit code and what is printed, with the temporary folder cut out. */
async function exported(trial: string, ...args: string[]) {
  const { code, stdout, stderr } = await attune(['export', trial, ...args]);
  const shown = (text: string) =>
    text.replaceAll(`${world.folder}/`, '').replaceAll(/(\.\.\/)+\S*attune-cli-\w+\//g, '');
  return { code, stdout: shown(stdout), stderr: shown(stderr) };
}

function runExample(folder: string): string {
  return execFileSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' }).trim();
}

describe('attune export', () => {
  it('keeps the weights of completed trials alone', () => {
    const names = readdirSync(at('out', 'weights')).map((name) => name.replace(/--[0-9a-f]{8}\.safetensors$/, ''));
    expect(names.sort()).toEqual([
      'boolq--lora--tiny--s1',
      'boolq--p-tuning--tiny--s1',
      'copa--lora--tiny--s1',
      'copa--p-tuning--tiny--s1',
    ]);
  });

  it.each(['lora', 'p-tuning'])('writes a folder whose example gives what was recorded: %s', async (method) => {
    const { file, record: given } = record('boolq', method);
    const folder = at(`boolq-${method}`);
    const { code, stdout } = await exported(file, '--out', folder);
    expect(stdout).toMatch(
      /^Model: boolq-\S+, \d+\.\d KiB\nIts outputs on 9 examples are the trained model's: largest/,
    );
    expect(code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(files);
    const { predicted } = unpackPredictions(given.predictions)[0]!;
    const scores = (await readScores(at('out'), given))![0]!;
    const [label, printed = ''] = runExample(folder).split(/ (?=\[)/);
    expect(label).toBe(predicted);
    const logits = JSON.parse(printed) as number[];
    // Records keep six digits.
    logits.forEach((logit, index) => {
      expect(Math.abs(logit - scores[index]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(logit)));
    });
    expect(logits).toHaveLength(2);
    const card = readFileSync(join(folder, 'README.md'), 'utf8');
    expect(card).toMatch(/^---\nlibrary_name: onnx\ntags:\n(.*\n)*datasets:\n {2}- data\n(.*\n)*---\n\n# boolq by /);
    expect(card).toContain(readFileSync(join(folder, 'example.mjs'), 'utf8'));
    expect(card).toContain('Labels, in the order of the logits: false, true.');
    expect(card).toMatch(/npx attune run \S*tiny\.json .*--max-steps 40/);
    expect(card.includes('[P1] [P2] [P3] [P4]')).toBe(method === 'p-tuning');
    expect(card).toMatch(/npx attune export \S*out\/records\/boolq--\S+\.json\n/);
  });

  it('writes choices and vocabulary logits that run, too', async () => {
    for (const method of ['lora', 'p-tuning']) {
      const folder = at(`copa-${method}`);
      expect((await exported(record('copa', method).file, '--out', folder)).code).toBe(0);
      expect(runExample(folder)).toMatch(method === 'lora' ? /^choice [12] \[/ : /^\S+ -?\d/);
    }
  });

  it('writes a file that ONNX Runtime for the web runs with the same outputs', async () => {
    const session = await web.InferenceSession.create(readFileSync(at('boolq-p-tuning', 'model.onnx')));
    const ids = [2, 90, 91, 92, 93, 4, 30, 3];
    const row = (values: readonly number[]) =>
      new web.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const { logits } = await session.run({
      input_ids: row(ids),
      attention_mask: row(ids.map(() => 1)),
      token_type_ids: row(ids.map(() => 0)),
    });
    const native = await nativeLogits(at('boolq-p-tuning'), ids);
    expect(logits!.dims).toEqual([1, 2]);
    (logits!.data as Float32Array).forEach((logit, index) => {
      expect(Math.abs(logit - native[index]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(logit)));
    });
  });

  it('gives the same model when it has to train again, and refuses other parameters', async () => {
    const { file, record: given } = record('boolq', 'lora');
    const weights = at('out', 'weights', file.split('/').at(-1)!.replace('.json', '.safetensors'));
    const kept = readFileSync(weights);
    rmSync(weights);
    const again = await exported(file, '--out', at('again'));
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Its weights were not kept; training the/) });
    expect(Buffer.compare(readFileSync(at('again', 'model.onnx')), readFileSync(at('boolq-lora', 'model.onnx')))).toBe(
      0,
    );
    const other = await exported(forged({ ...given, parameterHash: 'a'.repeat(64) }), '--out', at('other'));
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /^lora · boolq · tiny · seed 1: training it again gave other parameters than the recorded ones \(hash [0-9a-f]{12}, recorded aaaaaaaaaaaa\).*\nrecorded with: commit .*\nhere: {10}commit .*\nGo to that commit/,
    );
    const data = { ...given.config.data, hash: 'b'.repeat(64) };
    const moved = forged({ ...given, config: { ...given.config, data } });
    expect((await exported(moved, '--out', at('other'))).stderr).toMatch(
      /the experiment has changed since it was recorded, .*:\n {2}data\.hash: recorded "b+", now "[0-9a-f]{64}"\n/,
    );
    kept[kept.length - 1]! ^= 1;
    writeFileSync(weights, kept);
    expect((await exported(file, '--out', at('other'))).stderr).toMatch(
      /^out\/weights\/boolq--lora.*\.safetensors: expected the parameters of the record, hash [0-9a-f]{12}, found [0-9a-f]{12}; delete the file to train the trial again\n$/,
    );
    rmSync(weights);
    expect(existsSync(at('other'))).toBe(false);
  });

  it('runs a trial again whose weights were to be kept and are missing', async () => {
    const args = ['run', experiment, '--out', at('out'), '--workers', '1', '--max-steps', '40', '--save-weights'];
    expect((await spawnAttune(args).finished).stdout).toContain('6 trials, 5 of them recorded already');
    expect(readdirSync(at('out', 'weights'))).toHaveLength(4);
    expect((await exported(record('boolq', 'lora').file, '--out', at('kept'))).stdout).toMatch(/^Model: kept/);
  }, 60_000);

  it('leaves nothing when it is stopped', async () => {
    rmSync(at('out', 'weights'), { recursive: true });
    const found = await findRecord(record('boolq', 'lora').file, '');
    const stopped = exportTrial({
      ...found,
      ...{ catalog, repository, format: 'onnx' as const, command: '', folder: at('stopped'), force: false },
      source: { file: experiment, options: { maxSteps: 40 } },
      progress: lineProgress(() => {}),
      signal: AbortSignal.abort(),
    });
    await expect(stopped).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(readdirSync(world.folder).filter((name) => name.includes('stopped'))).toEqual([]);
  });

  it('refuses trials without a model', async () => {
    const { file, record: given } = record('boolq', 'full-fine-tuning');
    expect(await exported(file, '--out', at('none'))).toMatchObject({
      code: 2,
      stderr:
        'full-fine-tuning · boolq · tiny · seed 1: diverged: a loss or an output was not finite at step 2; ' +
        'only a completed trial has a model to export\n',
    });
    expect(trialRecordSchema.parse(given).status).toBe('diverged');
  });

  it('asks for the experiment of a report that does not name one, as verify does', async () => {
    const file = forged(record('boolq', 'lora').record);
    const description = at('forged', 'experiment.json');
    const experiment = experimentRecordSchema.parse(JSON.parse(readFileSync(description, 'utf8')));
    writeFileSync(description, recordText(sealed({ ...experiment, command: 'make report' })));
    const asked = {
      code: 2,
      stderr:
        "forged/experiment.json: expected the report's description with the command that made it; pass --experiment <file>\n",
    };
    expect(await exported(file, '--out', at('none'))).toMatchObject(asked);
    expect((await attune(['verify', at('forged')])).stderr).toMatch(
      /forged\/experiment\.json: expected the command that made it, got "make report"; pass --experiment <file>\n$/,
    );
    rmSync(description);
    expect(await exported(file, '--out', at('none'))).toMatchObject(asked);
    expect(existsSync(at('none'))).toBe(false);
  });

  it('explains unknown formats, trials and files', async () => {
    const { file } = record('boolq', 'lora');
    expect(await exported(file, '--format', 'onxx')).toMatchObject({
      code: 2,
      stderr: '--format: unknown format "onxx"; did you mean "onnx"? Known: onnx, transformers, peft\n',
    });
    expect((await exported('quick/nothing--like--it')).stderr).toMatch(
      /^unknown trial "quick\/nothing--like--it": none/,
    );
    expect((await exported(at('no.json'))).stderr).toMatch(/^no\.json: cannot be read as a trial's record: ENOENT/);
    expect((await exported(experiment)).stderr).toMatch(
      /^tiny\.json: is no trial's record that can be used: expected format 3 \(schemaVersion\), got none; "attune run" writes/,
    );
  });

  it('replaces an earlier export when told to, and nothing else', async () => {
    const { file } = record('boolq', 'p-tuning');
    const folder = at('boolq-p-tuning');
    expect(await exported(file, '--out', folder)).toMatchObject({
      code: 2,
      stderr: 'boolq-p-tuning: is not empty; choose another --out, or replace an earlier export with --force\n',
    });
    expect((await exported(file, '--out', folder, '--force')).code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(files);
    writeFileSync(join(folder, 'thesis.txt'), '');
    expect((await exported(file, '--out', folder, '--force')).stderr).toBe(
      'boolq-p-tuning: holds more than an earlier export (thesis.txt); --force replaces exports only\n',
    );
    expect((await exported(file, '--out', experiment)).stderr).toBe(
      'tiny.json: is a file; expected a new or empty folder\n',
    );
    mkdirSync(at('empty'));
    expect((await exported(file, '--out', at('empty'))).code).toBe(0);
    const left = readdirSync(world.folder).filter((name) => name.startsWith('.'));
    expect(left).toEqual([]);
  });
});

/** Logits of one sequence by onnxruntime-node, as a program of its own. */
async function nativeLogits(folder: string, ids: readonly number[]): Promise<number[]> {
  const program = `
    import * as ort from 'onnxruntime-node';
    const session = await ort.InferenceSession.create('model.onnx');
    const row = (values) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const ids = ${JSON.stringify(ids)};
    const { logits } = await session.run({
      input_ids: row(ids), attention_mask: row(ids.map(() => 1)), token_type_ids: row(ids.map(() => 0)),
    });
    console.log(JSON.stringify([...logits.data]));`;
  writeFileSync(join(folder, '..', 'native.mjs'), program);
  return JSON.parse(execFileSync(process.execPath, ['../native.mjs'], { cwd: folder, encoding: 'utf8' })) as number[];
}
