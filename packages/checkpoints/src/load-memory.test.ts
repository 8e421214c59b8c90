import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { zerosTensor } from '@attune/base';
import { createBert, parseBertConfig } from '@attune/core';
import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveModelDirectory } from './node/save-model-directory.ts';
import type { WeightDtype } from './stored-tensor.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'load-memory-'));
  await save('small', { vocabSize: 50, hiddenSize: 32 }, 'BF16');
});
afterAll(() => rm(folder, { recursive: true }));

/** A BERT of one layer; zeros are as large as other values. */
async function save(
  name: string,
  { vocabSize, hiddenSize }: { readonly vocabSize: number; readonly hiddenSize: number },
  dtype: WeightDtype,
  maxShardBytes = Number.POSITIVE_INFINITY,
): Promise<string> {
  const sizes = { num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 64, max_position_embeddings: 16 };
  const json = { model_type: 'bert', vocab_size: vocabSize, hidden_size: hiddenSize, ...sizes };
  const config = parseBertConfig(json, 'config.json');
  const { parameters } = createBert(config);
  const values = new Map(parameters.map((spec) => [spec.name, zerosTensor(spec.shape)]));
  const dtypes = new Map(parameters.map((spec) => [spec.name, dtype]));
  const tokenizerFiles = { tokenizer: wordPieceTokenizerJson(['a', 'b']) };
  const directory = join(folder, name);
  await saveModelDirectory(directory, { config, values, dtypes, tokenizerFiles }, { maxShardBytes });
  return directory;
}

/** Peak of resident memory as a multiple of the values in float32. */
async function measure(directory: string, precision: 'widened' | 'kept'): Promise<number> {
  const entry = fileURLToPath(new URL('../test/load-memory/measure-load.ts', import.meta.url));
  const options = ['--conditions=attune-source', '--import', 'tsx', entry];
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [...options, join(folder, 'small'), directory, precision]);
  const { peakBytes, valueBytes } = JSON.parse(stdout) as { readonly peakBytes: number; readonly valueBytes: number };
  expect(valueBytes).toBeGreaterThan(200e6);
  await rm(directory, { recursive: true });
  return peakBytes / valueBytes;
}

const large = { vocabSize: 52_000, hiddenSize: 1024 };

it('takes at most 1.3 times the weights to load, in one file or in shards, as they are or widened', async () => {
  expect(await measure(await save('single', large, 'F32'), 'widened')).toBeLessThan(1.3);
  expect(await measure(await save('sharded', large, 'F32', 100e6), 'widened')).toBeLessThan(1.3);
  expect(await measure(await save('brain', large, 'BF16'), 'widened')).toBeLessThan(1.3);
}, 120_000);

it('takes little more than half of them when 16-bit floats are kept', async () => {
  expect(await measure(await save('kept', large, 'BF16'), 'kept')).toBeLessThan(0.5 * 1.3);
}, 120_000);
