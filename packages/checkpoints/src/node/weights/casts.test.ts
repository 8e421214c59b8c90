import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floatTensor, type HostTensor } from '@attune/base';
import { expectAllClose, tinyBert } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementBytes, type StoredDtype } from '../../stored-tensor.ts';
import { loadModelDirectory } from '../load-model.ts';
import { listSafetensors, readSafetensorsFile, writeSafetensorsFile } from '../safetensors-file.ts';
import { saveModelDirectory } from '../save-model-directory.ts';
import { listTorchTensors } from '../torch/list-torch-tensors.ts';
import { readFloats } from './read-tensor.ts';
import { WeightsFile } from './weights-file.ts';

const fixture = (name: string) => new URL(`../../../test/fixtures/casts/${name}`, import.meta.url).pathname;
const expectedOf = async (name: string) => (await readSafetensorsFile(fixture(name))).tensors;
const exactly = { relative: 0, absolute: 0 };

describe('values of every dtype are cast to what PyTorch casts them to, bit for bit', () => {
  it('in safetensors', async () => {
    const file = await WeightsFile.open(fixture('stored.safetensors'));
    const read = new Map<string, HostTensor>();
    for (const stored of (await listSafetensors(file)).stored) read.set(stored.name, await readFloats(stored));
    await file.close();
    expectAllClose(read, await expectedOf('expected.safetensors'), exactly);
    expect(read.size).toBe(12);
  });

  it('in PyTorch files, whatever their strides', async () => {
    const file = await WeightsFile.open(fixture('stored.bin'));
    const read = new Map<string, HostTensor>();
    for (const stored of await listTorchTensors(file)) read.set(stored.name, await readFloats(stored));
    await file.close();
    const all = [
      ...(await expectedOf('expected.safetensors')),
      ...(await expectedOf('expected-transposed.safetensors')),
    ];
    expectAllClose(read, new Map(all.filter(([name]) => read.has(name))), exactly);
    expect(read.size).toBe(8);
  });
});

const { values, config } = tinyBert();
const tokenizerFiles = { tokenizer: wordPieceTokenizerJson(['a', 'b', 'c']) };
const query = 'bert.encoder.layer.0.attention.self.query.weight';

/** The model's file with one tensor of another dtype, zeros. */
function withDtype(dtype: StoredDtype): Uint8Array {
  const names = [...values.keys()];
  let end = 0;
  const header = names.map((name) => {
    const { shape, data } = values.get(name)!;
    const begin = end;
    end += data.length * (name === query ? elementBytes[dtype] : 4);
    return [name, { dtype: name === query ? dtype : 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(end)]);
}

describe('loadModelDirectory says', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'casts-'));
    await saveModelDirectory(directory, { config, tokenizerFiles, values });
  });
  afterAll(() => rm(directory, { recursive: true }));
  const weights = () => join(directory, 'model.safetensors');

  it.each([
    ['F64', 'float64'],
    ['I64', 'int64'],
    ['I8', 'int8'],
    ['BOOL', 'bool'],
    ['F8_E4M3', 'float8_e4m3'],
  ] as const)('that weights are cast from %s', async (dtype, name) => {
    await writeFile(weights(), withDtype(dtype));
    const loaded = await loadModelDirectory(directory);
    expect(loaded.notes).toEqual([`${name} cast to float32, as transformers does: ${query}`]);
    expect(loaded.values.get(query)!.data).toEqual(new Float32Array(256));
    expect(loaded.dtypes.get(query)).toBe('F32');
  });

  it.each(['widened', 'kept'] as const)('that weights are not finite, %s', async (precision) => {
    const broken = [1, Number.NaN, Number.POSITIVE_INFINITY, ...new Array(13).fill(0)];
    const named = (layer: number) => `bert.encoder.layer.${layer}.attention.self.query.bias`;
    const tensors = new Map([...values, [named(0), floatTensor([16], broken)], [named(1), floatTensor([16], broken)]]);
    for (const dtype of ['F32', 'BF16', 'F16'] as const) {
      const dtypes = new Map([named(0), named(1)].map((name) => [name, dtype]));
      await writeSafetensorsFile(weights(), tensors, { dtypes });
      expect((await loadModelDirectory(directory, { precision })).notes).toEqual([
        `NaN or infinite weights, so outputs will be too: ${named(0)} (2 of 16), ${named(1)} (2 of 16)`,
      ]);
    }
  });

  it('that quantised weights need their scales', async () => {
    await saveModelDirectory(directory, { config, tokenizerFiles, values });
    const quantized = { ...config, quantization_config: { quant_method: 'bitsandbytes', load_in_8bit: true } };
    await writeFile(join(directory, 'config.json'), JSON.stringify(quantized));
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${join(directory, 'config.json')}: quantization_config: expected nothing, got {"quant_method":"bitsandbytes",` +
        '"load_in_8bit":true}; the numbers of quantised weights mean nothing without their scales, which are not read; ' +
        'take the model as it was before it was quantised',
    );
  });
});
