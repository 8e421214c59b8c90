import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune } from '../test/attune.ts';
import { catalog } from './catalog.ts';

const bertLarge = {
  model_type: 'bert',
  vocab_size: 30_522,
  hidden_size: 1024,
  num_hidden_layers: 24,
  num_attention_heads: 16,
  intermediate_size: 4096,
  max_position_embeddings: 512,
};

let folder: string;
let model: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attune-cost-'));
  model = join(folder, 'config.json');
  writeFileSync(model, JSON.stringify(bertLarge));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The table's rows by method and formulation, cells by column. */
async function costs(...args: string[]): Promise<Map<string, Readonly<Record<string, string>>>> {
  const { code, stdout, stderr } = await attune(['cost', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.slice(0, stdout.indexOf('\n\n')).split('\n');
  const [header, ...rows] = lines.map((line) => line.trim().split(/ {2,}/)) as [string[], ...string[][]];
  return new Map(
    rows.map((cells) => [
      `${cells[0]} ${cells[1]}`,
      Object.fromEntries(header.map((title, column) => [title, cells[column]!])),
    ]),
  );
}

describe('attune cost', () => {
  it('prices LoRA on BERT-large from its configuration', async () => {
    const rows = await costs('--model', model, '--method', 'lora', '--rank', '8', '--batch', '32', '--length', '256');
    expect([...rows.keys()]).toEqual(['lora head', 'lora cloze']);
    // Two factors of 8 · 1024 on query and value of 24 layers; and a head of 2 · 1024 + 2.
    expect(rows.get('lora cloze')!.trainable).toBe('786,432');
    expect(rows.get('lora head')!.trainable).toBe('788,482');
    // 23 layers: 12 hidden² of projections, 2 length · hidden of attention, two operations each, for 32 · 256 tokens;
    // of the last one values alone, since the head reads one position and LoRA reaches them.
    const products = 2 * (23 * (12 * 1024 ** 2 + 2 * 256 * 1024) + 1024 ** 2) * 32 * 256;
    expect(rows.get('lora head')!.forward).toBe(`${((1.005 * products) / 1e12).toFixed(1)} TFLOP`);
    expect(rows.get('lora cloze')!['to store']).toBe('3.0 MiB');
  });

  it('prices a decoder, whose cloze ends with its mask', async () => {
    const file = join(folder, 'gpt2.json');
    writeFileSync(file, JSON.stringify({ model_type: 'gpt2' }));
    const rows = await costs('--model', file, '--method', 'full-fine-tuning', '--batch', '8', '--length', '128');
    expect(rows.get('full-fine-tuning cloze')!.trainable).toBe('124,439,808');
    expect(rows.get('full-fine-tuning head')!.trainable).toBe('124,441,344');
    // As above, but nothing is reached: the last layer's keys and values go through once for each of 12 heads, and the
    // rest of it once for each of 8 sequences.
    const below = 11 * (12 * 768 ** 2 + 2 * 128 * 768) * 8 * 128;
    const last = (2 * 12 + 10) * 768 ** 2 * 8 + 2 * 12 * 128 * 768 * 8;
    expect(rows.get('full-fine-tuning head')!.forward).toBe(`${Math.round((1.004 * 2 * (below + last)) / 1e9)} GFLOP`);
  });

  it('leaves out what a model does not admit, and says why', async () => {
    const tiny = { hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32 };
    const discriminator = { ...bertLarge, ...tiny, model_type: 'electra', embedding_size: 16 };
    const file = join(folder, 'electra.json');
    writeFileSync(file, JSON.stringify(discriminator));
    expect([...(await costs('--model', file, '--method', 'lora')).keys()]).toEqual(['lora head']);
    const { stdout } = await attune(['cost', '--model', file, '--method', 'lora']);
    expect(stdout).toContain('\nLeft out: electra: this model tells replaced tokens and has no words for a cloze; ');
    writeFileSync(file, JSON.stringify({ ...discriminator, model_type: 'albert' }));
    expect(await attune(['cost', '--model', file, '--method', 'layer-freezing'])).toEqual({
      ...{ code: 2, stdout: '' },
      stderr:
        'layer-freezing: bottomLayers: the 2 layers of albert share parameters, so 1 of them cannot be frozen alone; ' +
        'expected 0 or 2 ("100%")\n',
    });
  });

  it('takes settings as JSON, as options, and by their own names', async () => {
    const one = await costs('--model', 'mini-bert', '--method', 'lora', '--rank', '4', '--target-modules=["key"]');
    const other = await costs(
      '--model',
      'mini-bert',
      '--method',
      'lora',
      '--settings',
      '{"rank":4,"targetModules":["key"]}',
    );
    expect(one).toEqual(other);
    expect(one.get('lora cloze')!.trainable).toBe('2,048');
  });

  it('shows every method that trains something; more trains, more to update', async () => {
    const args = ['--model', 'mini-bert', '--batch', '4', '--length', '32'];
    const rows = await costs(...args);
    const methods = catalog.methods.map(({ name }) => name).filter((name) => name !== 'zero-shot');
    expect([...rows.keys()]).toEqual(methods.flatMap((method) => [`${method} head`, `${method} cloze`]));
    expect(rows.get('full-fine-tuning head')!.update).toMatch(/MFLOP$/);
    expect(rows.get('lora head')!.update).toMatch(/kFLOP$/);
    expect((await attune(['cost', ...args])).stdout).toContain(
      'Left out: method zero-shot trains nothing: there is no step.\n',
    );
  });

  it('adds time, fit and price of given hardware', async () => {
    const hardware = join(folder, 'slow.json');
    const speeds = { flopsPerSecond: 1e9, bytesPerSecond: 1e15, memoryBytes: 1e6 };
    const pricePerHour = { dollars: 3600, example: 'made up' };
    writeFileSync(
      hardware,
      JSON.stringify({ name: 'slow', title: 'Slow', ...speeds, pricePerHour, source: 'made up' }),
    );
    const args = ['--model', 'mini-bert', '--method', 'lora', '--batch', '4', '--length', '32'];
    const row = (await costs(...args, '--hardware', hardware, '--examples', '10')).get('lora head')!;
    const seconds = ['forward', 'backward'].map((phase) => Number(/^([\d.]+) MFLOP$/.exec(row[phase]!)![1]) / 1000);
    const step = seconds[0]! + seconds[1]!;
    expect(row.fits).toBe('no');
    expect(Number(/^(\d+) ms$/.exec(row.step!)![1])).toBeCloseTo(1000 * step, -1);
    // Ten examples are three batches of four, and a second costs a dollar.
    expect(Number(row['epoch $'])).toBeCloseTo(3 * step, 1);
  });

  it.each<[string, readonly string[], string]>([
    [
      'an unknown setting',
      ['--method', 'lora', '--rnak', '8'],
      '--method lora: rnak: unknown key "rnak"; did you mean "rank"? Known: rank, alpha, dropout, targetModules, useRslora\n',
    ],
    [
      'a setting that every object inherits',
      ['--method', 'lora', '--__proto__', '8'],
      '--method lora: __proto__: unknown key "__proto__". Known: rank, alpha, dropout, targetModules, useRslora\n',
    ],
    [
      'a setting of the wrong kind',
      ['--method', 'lora', '--rank', 'eight'],
      '--method lora: rank: expected a number, got "eight" (a string)\n',
    ],
    ['a setting of no method', ['--rank', '8'], 'setting "rank": settings are one method\'s; name it with --method\n'],
    ['a setting without a value', ['--method', 'lora', '--rank'], '--rank: expected a value, got nothing\n'],
    [
      'an unknown method',
      ['--method', 'loar'],
      `--method: unknown method "loar"; did you mean "lora"? Known: ${catalog.methods.map(({ name }) => name).join(', ')}\n`,
    ],
    ['a method without training', ['--method', 'zero-shot'], 'method zero-shot trains nothing: there is no step\n'],
    [
      'unknown hardware',
      ['--hardware', 'h1000'],
      'hardware: unknown profile "h1000"; did you mean "h100"? Known: this, t4, rtx-4090, a100-80gb, h100, or a .json file\n',
    ],
    [
      'an epoch on no hardware',
      ['--examples', '10'],
      '--examples: an epoch takes time on some hardware; name it with --hardware\n',
    ],
    [
      'a model for a check, which has its own',
      ['--check'],
      "error: option '--check' cannot be used with option '--model <name>'\nRun with --help to see what there is.\n",
    ],
    ['a sequence too long', ['--length', '1000'], 'length 1000: the model takes at most 128 positions\n'],
  ])('refuses %s', async (_what, args, message) => {
    expect(await attune(['cost', '--model', 'mini-bert', ...args])).toEqual({ code: 2, stdout: '', stderr: message });
  });

  it('refuses settings for a check, which has its own', async () => {
    expect((await attune(['cost', '--calibrate', '--rank', '8'])).stderr).toBe(
      '--rank: --check and --calibrate run steps of their own and take no settings\n',
    );
  });

  it('refuses a model that is not there, or none', async () => {
    expect((await attune(['cost', '--model', 'mini-brt'])).stderr).toBe(
      'model: no such file or directory, and unknown model "mini-brt"; did you mean "mini-bert"? Known: mini-bert, mini-gpt2\n',
    );
    expect((await attune(['cost', '--model', '__proto__'])).stderr).toBe(
      'model: no such file or directory, and unknown model "__proto__". Known: mini-bert, mini-gpt2\n',
    );
    expect((await attune(['cost'])).stderr).toBe(
      '--model: expected a config.json, a model directory or a known model\n',
    );
  });
});
