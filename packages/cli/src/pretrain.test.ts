import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { loadModelDirectory, saveModelDirectory } from '@attune/checkpoints/node';
import { tinyGpt2 } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attune, spawnAttune } from '../test/attune.ts';

const words = ['the', 'boat', 'lamp', 'is', 'was', 'red', 'old', '.'];
const stateFile = 'pretraining-state.safetensors';
let folder: string;
const recipe = () => join(folder, 'gpt2', 'recipe.json');
const command = (out: string) => [
  'pretrain',
  ...['--recipe', recipe(), '--out', join(folder, out), '--threads', '1', '--checkpoint-every', '5'],
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attune-pretrain-'));
  const directory = join(folder, 'gpt2');
  const tokenizer = wordPieceTokenizerJson(words);
  const { config, values } = tinyGpt2({ vocab_size: words.length + 5 });
  await saveModelDirectory(directory, { config, values, tokenizerFiles: { tokenizer, config: {} } });
  rmSync(join(directory, 'model.safetensors'));
  const lines = ['the', 'boat', 'lamp'].flatMap((thing) => words.map((word) => `the ${thing} is ${word} .`));
  writeFileSync(join(directory, 'corpus.txt'), lines.join('\n'));
  const phase = { corpus: ['corpus.txt'], steps: 300, batchSize: 8, learningRate: 0.01 };
  const shared = { seed: 3, maxLength: 16, warmupRatio: 0.1, weightDecay: 0.01, maxGradientNorm: 1 };
  writeFileSync(recipe(), JSON.stringify({ objective: 'causal', ...shared, phases: [phase, { ...phase, steps: 40 }] }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function filesOf(out: string): Map<string, string> {
  const directory = join(folder, out);
  return new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'base64')]));
}

/** Runs until something is so, then sends the signal. */
async function interrupted(out: string, signal: NodeJS.Signals, isTime: (stdout: string) => boolean) {
  const { child, finished } = spawnAttune(command(out));
  let stdout = '';
  child.stdout!.on('data', (text) => {
    stdout += text;
  });
  while (!isTime(stdout) && child.exitCode === null) await setTimeout(2);
  child.kill(signal);
  return finished;
}

it('gives the same bytes after a kill and after Ctrl-C as without', { timeout: 120_000 }, async () => {
  expect(await attune(command('whole'))).toMatchObject({ code: 0, stderr: '' });
  const whole = filesOf('whole');
  expect([...whole.keys()]).not.toContain(stateFile);

  await interrupted('cut', 'SIGKILL', () => existsSync(join(folder, 'cut', stateFile)));
  expect(existsSync(join(folder, 'cut', stateFile))).toBe(true);
  expect(existsSync(join(folder, 'cut', 'config.json'))).toBe(false);
  cpSync(join(folder, 'cut'), join(folder, 'other'), { recursive: true });
  const stopped = await interrupted('cut', 'SIGINT', (stdout) => stdout.includes('Going on'));
  expect(stopped).toMatchObject({ code: 130 });
  expect(stopped.stdout).toMatch(/^Going on after phase \d, step \d+\.$/m);
  expect(stopped.stdout).toMatch(/^Stopped after phase \d, step \d+; the same command goes on from there\.$/m);
  expect(await attune(command('cut'))).toMatchObject({ code: 0 });
  expect(filesOf('cut')).toEqual(whole);
});

it('makes a model of twice the size, beside the one that is described', { timeout: 60_000 }, async () => {
  const short = join(folder, 'short');
  cpSync(join(folder, 'gpt2'), short, { recursive: true });
  const file = join(short, 'recipe.json');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('"steps":300', '"steps":3').replace('"steps":40', '"steps":2'),
  );
  const size = ['pretrain', '--recipe', file, '--threads', '1', '--size', 'small', '--out'];
  expect(await attune([...size, join(folder, 'small')])).toMatchObject({ code: 0, stderr: '' });
  const { model } = await loadModelDirectory(join(folder, 'small'));
  expect(model).toMatchObject({ hiddenSize: 32, numLayers: 4 });
  expect(await attune([...size, short])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected another folder for a model of another size'),
  });
});

it('refuses a model with fewer embeddings than the tokenizer has tokens', async () => {
  const narrow = join(folder, 'narrow');
  cpSync(join(folder, 'gpt2'), narrow, { recursive: true });
  const file = join(narrow, 'config.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), vocab_size: 9 }));
  const run = await attune(['pretrain', '--recipe', join(narrow, 'recipe.json'), '--out', join(folder, 'none')]);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('config.json a vocab_size of 9') });
});

it('does not go on from the state of another recipe', async () => {
  writeFileSync(recipe(), readFileSync(recipe(), 'utf8').replace('"seed":3', '"seed":4'));
  const { code, stderr } = await attune(command('other'));
  expect(code).toBe(2);
  expect(stderr).toContain("expected the state of this pre-training, got another's: recipe, config, tokenizer");
});

it('names the lines of a corpus that are no UTF-8', async () => {
  const directory = join(folder, 'latin');
  cpSync(join(folder, 'gpt2'), directory, { recursive: true });
  writeFileSync(join(directory, 'corpus.txt'), Buffer.from('the lamp is old .\nthe caf\xe9 is red .\n', 'latin1'));
  const { code, stderr } = await attune([
    'pretrain',
    '--recipe',
    join(directory, 'recipe.json'),
    '--out',
    join(folder, 'x'),
  ]);
  expect(code).not.toBe(0);
  expect(stderr).toContain('corpus.txt:2: expected text in UTF-8, found bytes that are none');
});
