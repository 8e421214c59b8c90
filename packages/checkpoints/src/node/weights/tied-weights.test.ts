import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostTensors } from '@attune/base';
import { type Closeness, expectClose, modelLogits } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModelDirectory } from '../load-model.ts';
import { readSafetensorsFile, writeSafetensorsFile } from '../safetensors-file.ts';
import { saveModelDirectory } from '../save-model-directory.ts';

/** What a checkpoint has of the tensors of all names, see `scripts/fixtures/tied-weights.py`. */
interface Variant {
  readonly config: object;
  readonly drop: readonly string[];
  /** `{ to: from }` */
  readonly copy: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly inputIds: readonly (readonly number[])[];
  readonly tolerance: Closeness;
  readonly variants: Readonly<Record<string, Readonly<Record<string, Variant>>>>;
}

const fixtures = new URL('../../../test/fixtures/tied-weights/', import.meta.url);
const fixture = (name: string) => new URL(name, fixtures).pathname;
const readJson = async (name: string) => JSON.parse(await readFile(fixture(name), 'utf8'));
const manifest: Manifest = await readJson('manifest.json');
const { inputIds, tolerance } = manifest;

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tied-weights-'));
  await writeFile(join(directory, 'tokenizer.json'), JSON.stringify(wordPieceTokenizerJson(['a', 'b'])));
});
afterAll(() => rm(directory, { recursive: true }));

async function tensorsOf(family: string, { drop, copy }: Variant): Promise<HostTensors> {
  const { tensors } = await readSafetensorsFile(fixture(`${family}/tensors.safetensors`));
  const all = [...tensors].map(([name, own]) => [name, tensors.get(copy[name] ?? name) ?? own] as const);
  return new Map(all.filter(([name]) => !drop.includes(name)));
}

async function load(family: string, variant: Variant) {
  await writeSafetensorsFile(join(directory, 'model.safetensors'), await tensorsOf(family, variant));
  const config = { ...(await readJson(`${family}/config.json`)), ...variant.config };
  await writeFile(join(directory, 'config.json'), JSON.stringify(config));
  return loadModelDirectory(directory);
}

describe.each(Object.entries(manifest.variants))('a language model of %s', (family, variants) => {
  it.each(Object.entries(variants))(
    '%s: computes what the reference implementation computes',
    async (title, variant) => {
      const expected = (await readSafetensorsFile(fixture(`${family}/expected.safetensors`))).tensors.get(title)!;
      const loaded = await load(family, variant);
      expectClose(await modelLogits({ ...loaded, inputIds }), expected, tolerance);
      expect(loaded.initialized.filter((name) => !name.includes('pooler'))).toEqual([]);

      // Saved as it was loaded, it is the same model: tied where it was, untied where it was not.
      await saveModelDirectory(directory, loaded);
      const again = await loadModelDirectory(directory);
      expect(again.values).toEqual(loaded.values);
      expect(again.config).toEqual(loaded.config);
    },
  );
});

describe('what is said', () => {
  const notes = async (family: string, title: string) =>
    (await load(family, manifest.variants[family]![title]!)).notes.filter((note) => !note.startsWith('pooler'));

  it('is nothing where either name of a tied tensor is there', async () => {
    expect(await notes('bert', "the decoder's names alone")).toEqual([]);
    expect(await notes('gpt2', 'written by safetensors.torch.save_model')).toEqual([]);
    expect(await notes('llama', 'both, equal')).toEqual([]);
  });

  it('is that weights are not tied, and which bias is not read', async () => {
    const biasNote =
      'not used by the model: cls.predictions.bias; the decoder has a bias of its own, cls.predictions.decoder.bias';
    expect(await notes('bert', 'everything differs')).toEqual([
      'cls.predictions.decoder.weight and bert.embeddings.word_embeddings.weight differ, so they are not tied, although ' +
        'config.json says tie_word_embeddings',
      biasNote,
    ]);
    expect(await notes('bert', 'two biases that differ')).toEqual([biasNote]);
  });

  it('is that an untied head has the bias beside the decoder alone', async () => {
    const variant = { config: { tie_word_embeddings: false }, drop: ['lm_head.decoder.bias'], copy: {} };
    const { notes: said, values } = await load('roberta', variant);
    const { tensors } = await readSafetensorsFile(fixture('roberta/tensors.safetensors'));
    expect(values.get('lm_head.bias')).toEqual(tensors.get('lm_head.bias'));
    expect(said).toContain(
      'lm_head.bias is taken for lm_head.decoder.bias, which is not in the checkpoint; transformers 5 starts that from 0',
    );
  });
});

it('writes the bias of an untied decoder under both names', async () => {
  const loaded = await load('bert', { config: { tie_word_embeddings: false }, drop: [], copy: {} });
  const names = ['cls.predictions.bias', 'cls.predictions.decoder.bias'] as const;
  await saveModelDirectory(directory, { ...loaded, dtypes: new Map([[names[0], 'BF16']]) });
  const { tensors } = await readSafetensorsFile(join(directory, 'model.safetensors'));
  expect(tensors.get(names[1])).toEqual(tensors.get(names[0]));
  expect((await loadModelDirectory(directory)).dtypes.get(names[0])).toBe('BF16');
});
