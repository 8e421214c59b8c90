import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostTensor, HostTensors } from '@attune/base';
import { expectAllClose } from '@attune/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../read-safetensors.ts';
import { readTensor } from '../weights/read-tensor.ts';
import { WeightsFile } from '../weights/weights-file.ts';
import { listTorchTensors } from './list-torch-tensors.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../../test/fixtures/torch/${name}`, import.meta.url));
const exact = { relative: 0, absolute: 0 };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'torch-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Every tensor that is no 64-bit integer. */
async function readAll(path: string): Promise<HostTensors> {
  const file = await WeightsFile.open(path);
  try {
    const tensors = new Map<string, HostTensor>();
    for (const stored of await listTorchTensors(file)) {
      if (stored.dtype !== 'I64') tensors.set(stored.name, await readTensor(stored));
    }
    return tensors;
  } finally {
    await file.close();
  }
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'bad.bin');
  await writeFile(path, bytes);
  const error = await readAll(path).catch((reason: Error) => reason);
  expect(error).toMatchObject({ name: 'ConfigError' });
  expect((error as Error).message).toContain(path);
  return (error as Error).message;
}

describe('files of torch.save', () => {
  const { tensors } = readSafetensors(readFileSync(fixture('expected.safetensors')));
  const expected = new Map([...tensors].filter(([name]) => name !== 'position_ids'));

  it.each(['state.bin', 'protocol-4.bin', 'no-checksums.bin'])('%s has the values that PyTorch reads', async (name) => {
    expectAllClose(await readAll(fixture(name)), expected, exact);
  });

  it('are listed without reading values: dtypes and shapes', async () => {
    const file = await WeightsFile.open(fixture('state.bin'));
    const listed = await listTorchTensors(file);
    await file.close();
    const types = listed.map(({ name, dtype, shape }) => `${name} ${dtype} [${shape}]`);
    expect(types).toContain('half_transposed F16 [3,2]');
    expect(types).toContain('position_ids I64 [1,4]');
  });
});

describe('refused by name', () => {
  it.each([
    ['runs-code.bin', 'it asks for posix.system, which is not among the constructors of plain weights ('],
    [
      'module.bin',
      'it asks for torch.nn.modules.linear.Linear, which is not among the constructors of plain weights (',
    ],
    ['legacy.bin', 'it is in the format before PyTorch 1.6; load and save it with a newer one, or convert it to'],
    ['whole-run.bin', 'its entry model is a dict; expected names with tensors, as model.state_dict() gives'],
    ['expanded.bin', 'expanded: shape [1000] with strides [0] at 0 leaves its storage of 1 elements'],
  ])('%s', async (name, reason) => {
    await expect(readAll(fixture(name))).rejects.toThrow(`${fixture(name)}: not usable PyTorch weights: ${reason}`);
  });

  it('an operation that weights do not need', async () => {
    // INST (0x69) makes an object without REDUCE.
    const bytes = await readFile(fixture('no-checksums.bin'));
    bytes[bytes.indexOf('ccollections')] = 0x69;
    expect(await refusal(bytes)).toMatch(/operation 0x69 at byte 2, which weights do not need$/);
  });
});

describe('damaged', () => {
  it('pickle: its checksum differs', async () => {
    const bytes = await readFile(fixture('state.bin'));
    bytes[bytes.indexOf('row_major')] = 0x73;
    expect(await refusal(bytes)).toMatch(/it is damaged: the checksum of the entry at byte \d+ differs$/);
  });

  it('values: their checksum differs', async () => {
    const bytes = await readFile(fixture('state.bin'));
    const name = bytes.indexOf('state/data/0');
    bytes[bytes.indexOf(0, name + 64 - (name % 64)) + 70]! ^= 1;
    expect(await refusal(bytes)).toMatch(/is damaged: its checksum is \d+, the file says \d+$/);
  });

  it('cut off anywhere', async () => {
    const bytes = await readFile(fixture('state.bin'));
    for (const length of [0, 3, 30, 1000, bytes.length - 1]) {
      expect(await refusal(bytes.subarray(0, length))).toContain('not a ZIP archive: ');
    }
  });
});
