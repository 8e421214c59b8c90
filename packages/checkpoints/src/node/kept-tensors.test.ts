import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyBert } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeptTensors } from './kept-tensors.ts';
import { loadModelDirectory } from './load-model.ts';
import { saveModelDirectory } from './save-model-directory.ts';

const { values, config } = tinyBert();
const tokenizerFiles = { tokenizer: wordPieceTokenizerJson(['a', 'b', 'c']) };
const floatBytes = [...values.values()].reduce((sum, { data }) => sum + data.byteLength, 0);

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kept-tensors-'));
});
afterEach(() => rm(directory, { recursive: true }));

const weights = () => readFile(join(directory, 'model.safetensors'));

describe.each(['F16', 'BF16'] as const)('a checkpoint in %s', (dtype) => {
  beforeEach(async () => {
    const dtypes = new Map([...values.keys()].map((name) => [name, dtype]));
    await saveModelDirectory(directory, { config, values, tokenizerFiles, dtypes });
  });

  it('has half the bytes, and the same when it is loaded and saved again, widened or kept', async () => {
    const before = await weights();
    expect(before.length).toBeLessThan(0.5 * floatBytes + 6000);
    for (const precision of ['widened', 'kept'] as const) {
      const loaded = await loadModelDirectory(directory, { precision });
      expect(new Set(loaded.dtypes.values())).toEqual(new Set([dtype]));
      await saveModelDirectory(directory, loaded, {});
      expect(await weights()).toEqual(before);
    }
  });

  it('takes half the memory when it is kept, and gives the values that widening gives', async () => {
    const widened = (await loadModelDirectory(directory)).values;
    const kept = (await loadModelDirectory(directory, { precision: 'kept' })).values as KeptTensors;
    expect(kept).toBeInstanceOf(KeptTensors);
    expect(kept.byteLength).toBe(floatBytes / 2);
    expect(new Map(kept)).toEqual(widened);
    expect([...kept.keys()]).toEqual([...kept].map(([name]) => name));
    expect([...kept.values()]).toEqual([...widened.values()]);
    kept.forEach((tensor, name) => {
      expect(tensor).toEqual(widened.get(name));
    });
    expect([kept.size, kept.has('nothing'), kept.get('nothing')]).toEqual([widened.size, false, undefined]);
  });

  it('is saved as float32 when no dtypes are given', async () => {
    const { dtypes: _, ...loaded } = await loadModelDirectory(directory, { precision: 'kept' });
    await saveModelDirectory(directory, loaded);
    expect((await weights()).length).toBeGreaterThan(floatBytes);
    expect((await loadModelDirectory(directory)).values).toEqual(new Map(loaded.values));
  });
});

it('keeps a float32 checkpoint as it is', async () => {
  await saveModelDirectory(directory, { config, values, tokenizerFiles });
  expect((await loadModelDirectory(directory, { precision: 'kept' })).values).toEqual(values);
});
