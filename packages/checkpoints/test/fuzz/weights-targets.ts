import { readFileSync } from 'node:fs';
import { floatTensor, intTensor } from '@attune/base';
import { writeSafetensors } from '../../src/write-safetensors.ts';
import { type FuzzTarget, jsonBytes } from './fuzz-target.ts';
import { loadTensors, requireEqual } from './load-tensors.ts';
import { safetensorsOracle } from './safetensors-oracle.ts';

const torchFixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/torch/${name}`, import.meta.url)));

/** A file with each dtype that weights may have, and one that is skipped. */
function everyDtype(): Uint8Array {
  const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
    dtype,
    shape,
    data_offsets: [begin, end],
  });
  const header = {
    __metadata__: { format: 'pt' },
    wide: entry('F32', [2, 2], 0, 16),
    half: entry('F16', [4], 16, 24),
    brain: entry('BF16', [2, 2], 24, 32),
    whole: entry('I32', [2], 32, 40),
    ids: entry('I64', [1, 1], 40, 48),
    scalar: entry('F32', [], 48, 52),
    empty: entry('F32', [0, 3], 52, 52),
  };
  const json = jsonBytes(header);
  const bytes = new Uint8Array(8 + json.length + 52);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  for (let index = 0; index < 52; index++) bytes[8 + json.length + index] = (37 * index) % 251;
  return bytes;
}

const safetensors: FuzzTarget = {
  name: 'safetensors',
  beside: new Map(),
  file: 'model.safetensors',
  opens: true,
  originals: [everyDtype(), torchFixture('expected.safetensors')],
  load: async ({ directory, bytes }) => {
    requireEqual(await loadTensors(directory, ['model.safetensors']), safetensorsOracle(bytes));
  },
};

const shards = new Map([
  ['model-00001-of-00002.safetensors', writeSafetensors(new Map([['a', floatTensor([2], [1, 2])]]))],
  ['model-00002-of-00002.safetensors', writeSafetensors(new Map([['b', intTensor([1], [3])]]))],
]);

const index: FuzzTarget = {
  name: 'index of shards',
  beside: shards,
  file: 'model.safetensors.index.json',
  opens: true,
  originals: [
    jsonBytes({
      metadata: { total_size: 12 },
      weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' },
    }),
  ],
  load: async ({ directory, bytes }) => {
    const tensors = await loadTensors(directory, ['model.safetensors.index.json', ...shards.keys()]);
    const all = new Map([...shards.values()].flatMap((shard) => [...safetensorsOracle(shard)]));
    const { weight_map: map } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly weight_map: object };
    requireEqual(tensors, new Map(Object.keys(map).map((name) => [name, all.get(name)!])));
  },
};

/** Of a storage that no tensor shows in whole, so that its checksum is not read. */
const unchecked = ['every_other'];

const torch: FuzzTarget = {
  name: 'PyTorch file',
  beside: new Map(),
  file: 'pytorch_model.bin',
  opens: true,
  originals: [torchFixture('state.bin'), torchFixture('protocol-4.bin')],
  load: async ({ directory }) => {
    const expected = new Map(safetensorsOracle(torchFixture('expected.safetensors')));
    const tensors = new Map(await loadTensors(directory, ['pytorch_model.bin']));
    expected.delete('position_ids');
    for (const name of unchecked) {
      if (!tensors.delete(name)) throw new Error(`${name} is missing`);
      expected.delete(name);
    }
    requireEqual(tensors, expected);
  },
};

const torchUnchecked: FuzzTarget = {
  name: 'PyTorch file without checksums',
  beside: new Map(),
  file: 'pytorch_model.bin',
  opens: true,
  originals: [torchFixture('no-checksums.bin')],
  // Nothing tells a changed value, name or stride from a meant one; what is given must be within the file's bounds.
  load: async ({ directory, bytes }) => {
    let total = 0;
    for (const { data } of (await loadTensors(directory, ['pytorch_model.bin'])).values()) total += data.byteLength;
    // Twice for views, twice for widening.
    if (total > 4 * bytes.length) throw new Error(`${total} bytes of values from a file of ${bytes.length}`);
  },
};

export const weightsTargets: readonly FuzzTarget[] = [safetensors, index, torch, torchUnchecked];
