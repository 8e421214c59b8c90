import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tasks } from '@attune/superglue';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attune } from '../test/attune.ts';
import { tinyWorld, writeExperiment } from '../test/tiny-world.ts';
import { catalog } from './catalog.ts';

let world: Awaited<ReturnType<typeof tinyWorld>>;
beforeAll(async () => {
  world = await tinyWorld();
});
afterAll(() => world.remove());

const methodNames = catalog.methods.map(({ name }) => name).join(', ');

let output: string;
beforeEach(() => {
  output = join(world.folder, 'out');
  rmSync(output, { recursive: true, force: true });
});

/** Exit code and what stderr says, with the temporary folder cut out. */
async function run(change: object, args: readonly string[] = []) {
  const file = writeExperiment(world.folder, change);
  const { code, stderr } = await attune(['run', file, '--out', output, ...args]);
  return { code, stderr: stderr.replaceAll(`${world.folder}/`, '').replaceAll(/(\.\.\/)+\S*attune-cli-\w+\//g, '') };
}

const twoMistakes = {
  tasks: ['boolq', 'cops'],
  arms: [{ method: 'p-tunning' }, { method: 'lora', settings: { rank: '8' } }],
};

describe('bad input', () => {
  it('lists several mistakes of an experiment at once', async () => {
    expect(await run(twoMistakes)).toEqual({
      code: 2,
      stderr: [
        `tiny.json: tasks[1]: unknown task "cops"; did you mean "copa"? Known: ${tasks.map(({ name }) => name).join(', ')}`,
        `tiny.json: arms[0].method: unknown method "p-tunning"; did you mean "p-tuning"? Known: ${methodNames}`,
        'tiny.json: arms[1].settings.rank: expected a number, got "8" (a string)',
        '',
      ].join('\n'),
    });
  });

  it('offers near names for options', async () => {
    const { code, stderr } = await run({}, ['--methods', 'loar', '--tasks', 'bolq']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      '--tasks: unknown task "bolq"; did you mean "boolq"? Known: boolq, copa\n' +
        '--methods: unknown method "loar"; did you mean "lora"? Known: full-fine-tuning, lora\n',
    );
  });

  it('names a setting that does not fit the model before anything runs', async () => {
    const { code, stderr } = await run({
      arms: [{ method: 'lora', settings: { targetModules: ['attention.qurey'] } }],
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^tiny\.json: arms\[0\]: arm "lora", task "boolq": lora: targetModules "attention\.qurey" matches none of/,
    );
  });

  it("answers PEFT's names with ours", async () => {
    const settings = { r: 8, lora_alpha: 16, lora_dropout: 0.1, target_modules: ['query'] };
    const known = '. Known: rank, alpha, dropout, targetModules, useRslora';
    const { stderr } = await run({ arms: [{ method: 'lora', settings }] });
    expect(stderr.trimEnd().replaceAll(known, '').split('\n')).toEqual([
      'tiny.json: arms[0].settings.r: unknown key "r"; here it is "rank"',
      'tiny.json: arms[0].settings.lora_alpha: unknown key "lora_alpha"; here it is "alpha"',
      'tiny.json: arms[0].settings.lora_dropout: unknown key "lora_dropout"; here it is "dropout"',
      'tiny.json: arms[0].settings.target_modules: unknown key "target_modules"; here it is "targetModules"',
    ]);
    const beside = await run({ arms: [{ method: 'lora', lora_alpha: 16, dropout: 0.1 }] });
    expect(
      beside.stderr
        .trimEnd()
        .replaceAll(/[.] Known: .*/g, '')
        .split('\n'),
    ).toEqual([
      'tiny.json: arms[0].lora_alpha: unknown key "lora_alpha"; here it is "settings.alpha"',
      'tiny.json: arms[0].dropout: unknown key "dropout"; here it is "training.dropout"',
    ]);
    const flags = ['--method', 'lora', '--lora-alpha', '16'];
    expect((await attune(['cost', '--model', 'mini-bert', ...flags])).stderr).toContain('here it is "alpha"');
  });

  it('refuses settings whose values do not fit into memory', async () => {
    const { code, stderr } = await run({ arms: [{ method: 'lora', settings: { rank: 1e12 } }] });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^tiny\.json: arms\[0\]: arm "lora", task "boolq": its new parameters need \d+ TiB, "\S+" \[1000000000000, 16\] among them, and this machine has [\d.]+ GiB; choose smaller settings\n$/,
    );
  });

  it('says which data is missing, empty or named otherwise', async () => {
    const data = join(world.folder, 'other');
    expect((await run({}, ['--data', data])).stderr).toBe(
      'tiny.json: data.directory: other: no such folder; expected a folder with BoolQ, COPA in it\n',
    );
    mkdirSync(data, { recursive: true });
    const empty = await run({}, ['--data', data]);
    expect(empty.code).toBe(2);
    expect(empty.stderr).toContain('other: expected a folder "BoolQ" (task boolq), found nothing\n');
    mkdirSync(join(data, 'boolq'));
    expect((await run({}, ['--data', data])).stderr).toContain(
      'data.splits: other/boolq: expected train.jsonl, dev.jsonl, val.jsonl, found nothing\n',
    );
    expect((await run({}, ['--data', join(world.folder, 'tiny.json')])).stderr).toBe(
      'tiny.json: data.directory: tiny.json: is no folder but a file; expected a folder with BoolQ, COPA in it\n',
    );
  });

  it('names file and path of a pattern that the task lacks', async () => {
    const { code, stderr } = await run({ arms: [{ method: 'zero-shot' }, { method: 'lora', pattern: 'pet-9' }] });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^tiny\.json: arms\[1\]\.pattern: arm "lora", task "boolq": boolq: unknown pattern "pet-9"/);
  });

  it('names file and line of a row that is not JSON or lacks a field', async () => {
    const file = join(world.folder, 'data', 'COPA', 'dev.jsonl');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('{"idx":1', '{"idx":1,,'));
    const notJson = await run({});
    writeFileSync(file, text.replace('"choice1"', '"choise1"'));
    const noField = await run({});
    writeFileSync(file, text.replace('"label":0', '"label":7'));
    const label = await run({});
    writeFileSync(file, text);
    expect(notJson).toMatchObject({ code: 2, stderr: expect.stringMatching(/COPA\/dev\.jsonl:2: .*JSON/) });
    expect(noField).toMatchObject({ code: 2, stderr: expect.stringMatching(/COPA\/dev\.jsonl:1: .*choice1/) });
    expect(label).toMatchObject({ code: 2, stderr: expect.stringMatching(/COPA\/dev\.jsonl:1: .*label.*7/) });
  });

  it('refuses a truncated checkpoint', async () => {
    const file = join(world.folder, 'model', 'model.safetensors');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, 5000));
    const { code, stderr } = await run({});
    writeFileSync(file, bytes);
    expect(code).toBe(2);
    expect(stderr).toMatch(/model\/model\.safetensors: not a usable safetensors file: truncated/);
  });

  it('says so when the output cannot be written', async () => {
    writeFileSync(output, 'a file where a folder should be');
    const { code, stderr } = await run({});
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^out\/records: cannot be written: .*; make the folder writable or choose another with --out/,
    );
  });

  it('explains wrong options, engines, folders and files', async () => {
    expect((await run({}, ['--seeds', '1,x'])).stderr).toContain('Expected whole numbers separated by commas.');
    expect((await run({}, ['--seeds', '1,100000000000000000000000'])).stderr).toMatch(
      /'--seeds <numbers>' argument .* Expected seeds in the safe integer range, 0 to 9007199254740991, got 100000000000000000000000\./,
    );
    expect(await run({}, ['--engine', 'onyx', '--seeds', '1,1'])).toEqual({
      code: 2,
      stderr:
        '--engine: unknown engine "onyx"; did you mean "onnx"? Known: tensorflow-gpu, onnx, tensorflow, wasm\n' +
        '--seeds: 1 is there more than once\n',
    });
    expect((await run({}, ['--device', 'gpu'])).stderr).toBe(
      '--device: unknown device "gpu"; did you mean "cpu"? Known: cpu, webgpu, cuda\n',
    );
    expect(await run({}, ['--engine', 'wasm', '--device', 'cuda'])).toEqual({
      code: 2,
      stderr: 'engine wasm: computes on cpu, not on "cuda"; engine onnx has the devices cpu, webgpu, cuda\n',
    });
    expect(await attune(['pretrain', '--recipe', 'notes.txt', '--out', output])).toMatchObject({
      code: 2,
      stderr: "--recipe: expected a file named recipe.json in the model's folder, got notes.txt\n",
    });
    expect(await attune(['report', join(world.folder, 'data')])).toMatchObject({ code: 2 });
    expect(await attune(['list', 'method'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'unknown kind "method"; did you mean "methods"? Known: methods, tasks, models, data, experiments\n',
    });
    expect((await attune(['run', join(world.folder, 'none.ts')])).stderr).toMatch(/none\.ts: no such experiment file/);
  });

  it('refuses a folder for hoisted values that cannot be written, before anything runs', async () => {
    const file = join(world.folder, 'a-file');
    writeFileSync(file, '');
    const { code, stderr } = await run({}, ['--hoist-directory', file]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      "--hoist-directory: a-file: cannot be written: EEXIST: file already exists, mkdir 'a-file' (EEXIST); " +
        'make the folder writable or choose another\n',
    );
    expect(existsSync(output)).toBe(false);
  });

  it('refuses a memory that is no number, and a place for what is not kept', async () => {
    const memory = await run({}, ['--hoist-memory', '1.5']);
    expect(memory.stderr).toContain('Expected a whole number of MiB, at least 0.');
    const both = await run({}, ['--no-hoist', '--hoist-memory', '10']);
    expect(both.stderr).toContain("option '--no-hoist' cannot be used with option '--hoist-memory <MiB>'");
    expect([memory.code, both.code]).toEqual([2, 2]);
  });
});
