import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWeightsIndex, WeightsFile, weightsLayout } from './weights-file.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-weights-'));
  path = join(folder, 'weights');
  await writeFile(path, Buffer.from([1, 2, 3, 4, 5]));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a file of weights', () => {
  it('is read at any place, and no further than it goes', async () => {
    const file = await WeightsFile.open(path);
    expect([file.size, [...(await file.read(1, 3))], [...(await file.read(5, 0))]]).toEqual([5, [2, 3, 4], []]);
    await expect(file.read(3, 3)).rejects.toThrow(`${path}: truncated: expected 6 bytes, got 5`);
    // It shrinks while it is read.
    await truncate(path, 2);
    await expect(file.read(0, 5)).rejects.toThrow(`${path}: truncated: expected 5 bytes, got 2`);
    await file.close();
    await expect(file.read(0, 1)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(`${path}: cannot be read: `),
    });
  });

  it('is a file, and there', async () => {
    await expect(WeightsFile.open(folder)).rejects.toThrow(
      `${folder}: cannot be read: expected a file, found a folder`,
    );
    await expect(WeightsFile.open(join(folder, 'none'))).rejects.toThrow(
      `${join(folder, 'none')}: cannot be read: ENOENT`,
    );
  });
});

describe('a directory of weights', () => {
  it('has one file or an index, safetensors before PyTorch', async () => {
    const layout = (...names: string[]) => weightsLayout(folder, names);
    expect(await layout('pytorch_model.bin', 'model.safetensors')).toEqual({
      ...{ format: 'safetensors', files: ['model.safetensors'] },
    });
    expect(await layout('pytorch_model.bin', 'config.json')).toEqual({ format: 'torch', files: ['pytorch_model.bin'] });
    await expect(layout('config.json')).rejects.toThrow(
      `${folder}: no weights; expected model.safetensors, model.safetensors.index.json, pytorch_model.bin, ` +
        'pytorch_model.bin.index.json',
    );
  });

  it.each<[string, unknown, string]>([
    ['no map', { metadata: {} }, 'not a usable index of shards\n  weight_map: '],
    ['an empty map', { weight_map: {} }, 'weight_map is empty; expected tensor names with shards'],
    [
      'a name that an object cannot have',
      JSON.parse('{"weight_map": {"__proto__": "model-1.safetensors"}}'),
      'weight_map names a tensor "__proto__", which no model has',
    ],
  ])('refuses an index with %s', async (_, index, message) => {
    await writeFile(path, JSON.stringify(index));
    await expect(readWeightsIndex(path)).rejects.toThrow(`${path}: ${message}`);
    await expect(readWeightsIndex(path)).rejects.toMatchObject({ name: 'ConfigError' });
  });
});
