import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zerosTensor } from '@attune/base';
import { tinyBert } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadModelDirectory } from '../load-model.ts';
import { checkpointFiles } from '../read-directory.ts';
import { readSafetensorsFile, writeSafetensorsFile } from '../safetensors-file.ts';
import { saveModelDirectory } from '../save-model-directory.ts';

const { values, config } = tinyBert();
const saved = { config, values, tokenizerFiles: { tokenizer: wordPieceTokenizerJson(['a', 'b', 'c']) } };
const shards = ['model-00001-of-00003.safetensors', 'model-00002-of-00003.safetensors'] as const;
const indexFile = 'model.safetensors.index.json';

let root = '';
let directory = '';
const at = (name: string): string => join(directory, name);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sharded-weights-'));
  directory = join(root, 'model');
  await saveModelDirectory(directory, saved, { maxShardBytes: 12_000 });
});
afterEach(() => rm(root, { recursive: true }));

interface Index {
  readonly metadata: { readonly total_size: number; readonly sha256?: object };
  readonly weight_map: Record<string, string>;
}
const readIndex = async () => JSON.parse(await readFile(at(indexFile), 'utf8')) as Index;
const writeIndex = (index: object) => writeFile(at(indexFile), JSON.stringify(index));

describe('shards', () => {
  it('hold at most the given bytes each and give the model back', async () => {
    const names = (await checkpointFiles(directory)).map((path) => path.slice(directory.length + 1));
    const files = [...shards, 'model-00003-of-00003.safetensors'];
    expect(names).toEqual(['config.json', 'tokenizer.json', indexFile, ...files]);
    expect((await loadModelDirectory(directory)).values).toEqual(values);
    const bytes = [...values.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    expect((await readIndex()).metadata.total_size).toBe(bytes);
  });

  it('go away when the model is saved in one file, and the file when it is saved in shards', async () => {
    await saveModelDirectory(directory, saved);
    const single = ['config.json', 'tokenizer.json', 'model.safetensors'].map(at);
    expect(await checkpointFiles(directory)).toEqual(single);
    await saveModelDirectory(directory, saved, { maxShardBytes: 12_000 });
    await expect(readFile(at('model.safetensors'))).rejects.toThrow('ENOENT');
  });

  it('may come without hashes, as others write the index', async () => {
    const { metadata, weight_map } = await readIndex();
    await writeIndex({ metadata: { total_size: metadata.total_size }, weight_map });
    expect((await loadModelDirectory(directory)).values).toEqual(values);
  });

  it('are read whole, as the reference implementation reads them, also what the index leaves out', async () => {
    const { metadata, weight_map } = await readIndex();
    const { 'bert.embeddings.word_embeddings.weight': _, ...rest } = weight_map;
    await writeIndex({ metadata, weight_map: rest });
    const loaded = await loadModelDirectory(directory);
    expect(loaded.values).toEqual(values);
    expect(loaded.notes).toEqual([
      `in the shards, though ${indexFile} does not name it: bert.embeddings.word_embeddings.weight`,
    ]);
  });
});

describe('refused', () => {
  it('a shard that is missing', async () => {
    await rm(at(shards[1]));
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${at(indexFile)}: shards are missing: ${shards[1]}; found ${shards[0]}, model-00003-of-00003.safetensors`,
    );
  });

  it('a shard with another hash', async () => {
    const bytes = await readFile(at(shards[0]));
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(at(shards[0]), bytes);
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      new RegExp(
        `${shards[0]}: expected the shard with sha256 \\w{12}, as the index says, got \\w{12}; all shards must`,
      ),
    );
  });

  it('an index that names tensors the shard has not', async () => {
    const { metadata, weight_map } = await readIndex();
    await writeIndex({ metadata, weight_map: { ...weight_map, 'bert.extra.weight': shards[0] } });
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${at(indexFile)}: ${shards[0]} should have bert.extra.weight, and has not`,
    );
  });

  it('two shards with different values of one tensor, whichever the index names', async () => {
    const { weight_map } = await readIndex();
    const name = Object.keys(weight_map).find((each) => weight_map[each] === shards[0] && each.endsWith('weight'))!;
    const [first, second] = [
      (await readSafetensorsFile(at(shards[0]))).tensors,
      (await readSafetensorsFile(at(shards[1]))).tensors,
    ];
    await writeIndex({ weight_map });
    await writeSafetensorsFile(at(shards[1]), new Map([...second, [name, first.get(name)!]]));
    expect((await loadModelDirectory(directory)).values).toEqual(values);
    const { shape } = first.get(name)!;
    await writeSafetensorsFile(at(shards[1]), new Map([...second, [name, zerosTensor([...shape])]]));
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${at(indexFile)}: ${name} has other values in ${shards[0]} than in ${shards[1]}; all shards must come from one save`,
    );
  });

  it.each([
    ['../outside.safetensors', `"../outside.safetensors" leaves the directory; expected a file's name alone`],
    ['/etc/passwd', `"/etc/passwd" leaves the directory; expected a file's name alone`],
    ['sub/model.safetensors', `"sub/model.safetensors" leaves the directory; expected a file's name alone`],
    ['..', 'shards are missing: ..; found model-00001-of-00003.safetensors'],
    ['', 'shards are missing: ; found model-00001-of-00003.safetensors'],
  ])('an index that names %j', async (shard, message) => {
    const { weight_map } = await readIndex();
    const [name] = Object.keys(weight_map);
    await writeFile(join(root, 'outside.safetensors'), await readFile(at(shards[0])));
    await writeIndex({ weight_map: { ...weight_map, [name!]: shard } });
    await expect(loadModelDirectory(directory)).rejects.toThrow(`${at(indexFile)}: ${message}`);
  });

  it('an index that is malformed or empty', async () => {
    await writeIndex({ weight_map: { x: 3 } });
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${at(indexFile)}: not a usable index of shards\n  weight_map.x: expected a string, got 3`,
    );
    await writeIndex({ weight_map: {} });
    await expect(loadModelDirectory(directory)).rejects.toThrow(`${at(indexFile)}: weight_map is empty`);
    await writeFile(at(indexFile), `{"weight_map": {"a": "${shards[0]}", "__proto__": "${shards[0]}"}}`);
    await expect(loadModelDirectory(directory)).rejects.toThrow('weight_map names a tensor "__proto__"');
    await writeFile(at(indexFile), '{');
    await expect(loadModelDirectory(directory)).rejects.toThrow(`${at(indexFile)}: not JSON: `);
  });
});

describe('links', () => {
  const single = async () => {
    await saveModelDirectory(directory, saved);
    await rm(at('model.safetensors'));
  };

  it('may not leave the directory', async () => {
    await single();
    await writeSafetensorsFile(join(root, 'elsewhere.safetensors'), values);
    await symlink(join(root, 'elsewhere.safetensors'), at('model.safetensors'));
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${at('model.safetensors')}: is a link to ${join(root, 'elsewhere.safetensors')}, outside the model directory; `,
    );
    await rm(at('model.safetensors'));
    await symlink(join(root, 'nowhere'), at('model.safetensors'));
    await expect(loadModelDirectory(directory)).rejects.toThrow('model.safetensors cannot be read: ENOENT');
  });

  it("may lead to the blobs of a hub's cache, and the whole directory may be a link", async () => {
    const snapshot = join(root, 'models--a--b', 'snapshots', 'c0ffee');
    const blobs = join(root, 'models--a--b', 'blobs');
    await mkdir(snapshot, { recursive: true });
    await mkdir(blobs);
    for (const path of await checkpointFiles(directory)) {
      const name = path.slice(directory.length + 1);
      await copyFile(path, join(blobs, name));
      await symlink(join('..', '..', 'blobs', name), join(snapshot, name));
    }
    await symlink(snapshot, join(root, 'link'));
    expect((await loadModelDirectory(join(root, 'link'))).values).toEqual(values);
  });
});
