import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTensor } from '../weights/read-tensor.ts';
import { WeightsFile } from '../weights/weights-file.ts';
import { listTorchTensors } from './list-torch-tensors.ts';

let folder = '';
let path = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'torch-archive-'));
  path = join(folder, 'pytorch_model.bin');
});
afterAll(() => rm(folder, { recursive: true }));

type Entry = readonly [
  name: string,
  content: Uint8Array,
  options?: { readonly method?: number; readonly size?: number },
];

/** A ZIP of entries as they are, as torch.save writes it. */
function zip(entries: readonly Entry[]): Uint8Array {
  const [files, directory]: Buffer[][] = [[], []];
  let offset = 0;
  for (const [name, content, { method = 0, size = content.length } = {}] of entries) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(size, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(name.length, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), content]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory!.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, place, Buffer.from(name)]));
    files!.push(file);
    offset += file.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(Buffer.concat(directory!).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files!, ...directory!, Buffer.from('PK\x05\x06'), end]);
}

const text = (value: string) => [0x8c, value.length, ...Buffer.from(value)];
const int = (value: number) => [0x4d, value % 256, value >> 8];
const tuple = (...items: number[][]) => [0x28, ...items.flat(), 0x74];
const global = (module: string, name: string) => [0x63, ...Buffer.from(`${module}\n${name}\n`)];

interface View {
  readonly key?: string;
  readonly size?: number;
  readonly offset?: number;
  readonly shape?: readonly number[];
  readonly strides?: readonly number[];
}

/** A view of a float32 storage, by default of all of two numbers. */
function tensor({ key = '0', size = 2, offset = 0, shape = [2], strides = [1] }: View = {}): number[] {
  const storage = tuple(text('storage'), global('torch', 'FloatStorage'), text(key), text('cpu'), int(size));
  const view = tuple([...storage, 0x51], int(offset), tuple(...shape.map(int)), tuple(...strides.map(int)));
  return [...global('torch._utils', '_rebuild_tensor'), ...view, 0x52];
}

const dict = (...items: number[][]) => Buffer.from([0x7d, 0x28, ...items.flat(), 0x75, 0x2e]);
const state = (...tensors: readonly (readonly [string, View])[]) =>
  dict(...tensors.map(([name, view]) => [...text(name), ...tensor(view)]));
const floats = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);

/** The archive of a pickle and one storage, "0", with entries of the test beside. */
const archive = (pickle: Uint8Array, storage: Uint8Array = floats(1.5, -2), more: readonly Entry[] = []) =>
  zip([['run/data.pkl', pickle], ['run/data/0', storage], ...more]);

async function read(bytes: Uint8Array): Promise<[string, readonly number[], number[]][]> {
  await writeFile(path, bytes);
  const file = await WeightsFile.open(path);
  try {
    const listed = await listTorchTensors(file);
    return await Promise.all(
      listed.map(async (stored) => [stored.name, stored.shape, [...(await readTensor(stored)).data]]),
    );
  } finally {
    await file.close();
  }
}

describe('listTorchTensors', () => {
  it('gives each view its part of the storage, tied ones too', async () => {
    const views = state(
      ['whole', { size: 6, shape: [2, 3], strides: [3, 1] }],
      ['transposed', { size: 6, shape: [3, 2], strides: [1, 3] }],
      ['tied', { size: 6, shape: [2, 3], strides: [3, 1] }],
      ['last', { size: 6, offset: 5, shape: [1], strides: [1] }],
    );
    expect(await read(archive(views, floats(1, 2, 3, 4, 5, 6)))).toEqual([
      ['whole', [2, 3], [1, 2, 3, 4, 5, 6]],
      ['transposed', [3, 2], [1, 4, 2, 5, 3, 6]],
      ['tied', [2, 3], [1, 2, 3, 4, 5, 6]],
      ['last', [1], [6]],
    ]);
  });

  const whole = state(['w', {}]);
  it.each<[string, Uint8Array, string]>([
    [
      'no state dict',
      archive(Buffer.from([...int(3), 0x2e])),
      'it holds the number 3; expected a state dict, as model.state_dict() gives',
    ],
    [
      'a name that is no text',
      archive(dict([...int(3), ...tensor()])),
      'its entry the number 3 is a tensor; expected names with tensors, as model.state_dict() gives',
    ],
    ['a storage that is not there', archive(state(['w', { key: '7' }])), 'w is in storage 7, which the file lacks'],
    [
      'a storage of another size',
      archive(state(['w', { size: 3 }])),
      'storage 0 has 8 bytes; expected 12 for 3 of F32',
    ],
    [
      'a view beyond its storage',
      archive(state(['w', { offset: 1 }])),
      'w: shape [2] with strides [1] at 1 leaves its storage of 2 elements',
    ],
    [
      'more views than a file may have',
      archive(
        state(...Array.from({ length: 40 }, (_, index) => [`w${index}`, viewOf(index)] as const)),
        floats(...zeros(400)),
      ),
      'its tensors overlap: ',
    ],
    ['no pickle', zip([['run/data/0', floats(1, 2)]]), 'it has 0 entries data.pkl; expected one'],
    ['two pickles', archive(whole, undefined, [['b/data.pkl', whole]]), 'it has 2 entries data.pkl; expected one'],
    ['an entry twice', archive(whole, undefined, [['run/data/0', floats(1, 2)]]), 'it has the entry run/data/0 twice'],
    [
      'another byte order',
      archive(whole, undefined, [['run/byteorder', Buffer.from('big')]]),
      'its byte order is not little',
    ],
    [
      'a compressed entry',
      archive(whole, undefined, [['run/version', Buffer.from('3'), { method: 8 }]]),
      'its entry run/version is compressed or encrypted; torch.save writes neither',
    ],
    [
      'an entry that ends behind the file',
      archive(whole, undefined, [['run/version', Buffer.from('3'), { size: 2 ** 20 }]]),
      'its entry run/version ends behind the file',
    ],
  ])('refuses %s', async (_, bytes, reason) => {
    await expect(read(bytes)).rejects.toThrow(`${path}: not usable PyTorch weights: ${reason}`);
    await expect(read(bytes)).rejects.toMatchObject({ name: 'ConfigError' });
  });

  it('takes the byte order that it reads', async () => {
    const given = archive(whole, undefined, [['run/byteorder', Buffer.from('little')]]);
    expect(await read(given)).toEqual([['w', [2], [1.5, -2]]]);
  });
});

/** 360 of 400 numbers, each time from another place. */
function viewOf(offset: number): View {
  return { size: 400, offset, shape: [360], strides: [1] };
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}

it('lists an archive of 65,000 entries in a moment', async () => {
  const more = Array.from({ length: 65_000 }, (_, index): Entry => [`run/data/${index + 1}`, new Uint8Array(0)]);
  const bytes = archive(state(['w', {}]), floats(1.5, -2), more);
  await writeFile(path, bytes);
  const before = process.cpuUsage();
  const file = await WeightsFile.open(path);
  expect((await listTorchTensors(file)).map(({ name }) => name)).toEqual(['w']);
  await file.close();
  const { user, system } = process.cpuUsage(before);
  // Of processor time, since others may use it too. 7 s when every header was read from the file; 0.5 s now.
  expect((user + system) / 1e6).toBeLessThan(3);
});
