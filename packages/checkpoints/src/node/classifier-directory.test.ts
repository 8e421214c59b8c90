import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floatTensor, type HostTensors } from '@attune/base';
import { expectClose, modelLogits, type ParityCase, parityCases } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadModelDirectory } from './load-model.ts';
import { writeSafetensorsFile } from './safetensors-file.ts';
import { saveModelDirectory } from './save-model-directory.ts';

/** A sequence head of the reference implementation's, its model and its values. */
type HeadCase = ParityCase & Required<Pick<ParityCase, 'sequenceHead'>>;
const cases = parityCases().filter((of): of is HeadCase => of.sequenceHead !== undefined);
const caseOf = (family: string, head: string) => cases.find((of) => of.family === family && of.head === head)!;

const fixtures = new URL('../../../testing/fixtures/models/', import.meta.url);
const configOf = async ({ family, head }: HeadCase) =>
  JSON.parse(await readFile(new URL(`${family}/${head}/config.json`, fixtures), 'utf8'));

// The third token pads, and not the first.
const tokenizerFiles = { tokenizer: wordPieceTokenizerJson(['a', 'b', 'c']), config: { pad_token: '[CLS]' } };
const inputIds = [
  [2, 7, 9, 4, 3],
  [2, 11, 5, 30, 3],
];
const labels = ['no', 'maybe', 'yes'];

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'classifier-'));
});
afterEach(() => rm(directory, { recursive: true }));

const configFile = async () => JSON.parse(await readFile(join(directory, 'config.json'), 'utf8'));

/** A model as a checkpoint of its backbone describes it: without class, labels and kind of problem. */
async function plainConfig(of: HeadCase) {
  const { architectures: _, id2label: __, label2id: ___, problem_type: ____, ...plain } = await configOf(of);
  return plain;
}

describe.each(cases.map((of) => [of.title, of] as const))('%s', (_, of) => {
  it('is loaded from a directory of the reference implementation with its head', async () => {
    const folder = new URL(`${of.family}/${of.head}/`, fixtures);
    for (const name of ['config.json', 'model.safetensors'])
      await copyFile(new URL(name, folder), join(directory, name));
    await writeFile(join(directory, 'tokenizer.json'), JSON.stringify(tokenizerFiles.tokenizer));
    const loaded = await loadModelDirectory(directory);
    const expected = of.head === 'choice' ? ['score'] : ['LABEL_0', 'LABEL_1', 'LABEL_2'];
    expect(loaded.head).toMatchObject({ kind: of.head, labels: expected });
    expect(new Map([...of.values.keys()].map((name) => [name, loaded.values.get(name)]))).toEqual(of.values);
    expect(loaded.notes.filter((note) => note.startsWith('not used'))).toEqual([]);
    expect(loaded.notes).toContainEqual(expect.stringMatching(/head of \w+For\w+.*: in the checkpoint$/));
  });

  it('is saved and loaded again: same class, labels and logits', async () => {
    const config = await plainConfig(of);
    const head = of.head === 'choice' ? ({ kind: 'choice' } as const) : ({ kind: 'classification', labels } as const);
    await saveModelDirectory(directory, { config, tokenizerFiles, values: of.values, head });
    const written = await configFile();
    const { architectures } = await configOf(of);
    expect(written.architectures).toEqual(architectures);
    if (of.head === 'classification') {
      expect(written).toMatchObject({
        id2label: { 0: 'no', 1: 'maybe', 2: 'yes' },
        label2id: { no: 0, maybe: 1, yes: 2 },
        ...{ num_labels: 3, problem_type: 'single_label_classification' },
      });
    }
    // A decoder finds the end of a text by it; an encoder's own is right.
    expect(written.pad_token_id).toBe(of.model.languageModel === 'causal' ? 2 : config.pad_token_id);

    const loaded = await loadModelDirectory(directory);
    expect(loaded.head).toMatchObject(of.head === 'choice' ? { kind: 'choice' } : head);
    const loadedHead = loaded.model.sequenceHead(loaded.head!.kind, loaded.head!.labels.length);
    const actual = await modelLogits({ ...loaded, inputIds, sequenceHead: loadedHead });
    const exactly = { relative: 0, absolute: 0 };
    expectClose(actual, await modelLogits({ ...of, inputIds }), exactly);

    await saveModelDirectory(directory, loaded);
    expect(await configFile()).toEqual(written);
    expect((await loadModelDirectory(directory)).values).toEqual(loaded.values);
  });

  it('needs to be said no more than its values say', async () => {
    const save = async () =>
      saveModelDirectory(directory, { config: await plainConfig(of), tokenizerFiles, values: of.values });
    if (of.head === 'choice' && ['bert', 'albert', 'distilbert'].includes(of.family)) {
      await expect(save()).rejects.toThrow(
        `${directory}: a head of one output may be a classification or a choice; say head: { kind: 'choice' } or ` +
          "{ kind: 'classification', labels: [...] }",
      );
      return;
    }
    await save();
    const { head } = await loadModelDirectory(directory);
    expect(head).toMatchObject({
      kind: of.head,
      labels: of.head === 'choice' ? ['score'] : ['LABEL_0', 'LABEL_1', 'LABEL_2'],
    });
  });
});

describe('saveModelDirectory', () => {
  const bert = caseOf('bert', 'classification');
  const save = async (change: { readonly values?: HostTensors; readonly head?: object; readonly config?: object }) =>
    saveModelDirectory(directory, {
      ...{ tokenizerFiles, values: bert.values, ...change },
      config: { ...(await plainConfig(bert)), ...change.config },
    } as Parameters<typeof saveModelDirectory>[1]);

  it('replaces the class, labels and kind of problem of another head', async () => {
    const config = {
      architectures: ['BertForMaskedLM'],
      ...{ id2label: { 0: 'a', 1: 'b' }, label2id: { a: 0, b: 1 }, num_labels: 2, problem_type: 'regression' },
    };
    await save({ config, head: { kind: 'classification', labels } });
    expect(await configFile()).toMatchObject({
      architectures: ['BertForSequenceClassification'],
      ...{ id2label: { 0: 'no', 1: 'maybe', 2: 'yes' }, label2id: { no: 0, maybe: 1, yes: 2 }, num_labels: 3 },
      problem_type: 'single_label_classification',
    });
  });

  it('keeps what config.json says of the very head', async () => {
    const config = {
      architectures: ['BertForSequenceClassification'],
      ...{ id2label: { 0: 'a', 1: 'b', 2: 'c' }, problem_type: 'multi_label_classification' },
    };
    await save({ config });
    expect(await configFile()).toMatchObject({
      ...{ id2label: { 0: 'a', 1: 'b', 2: 'c' }, label2id: { a: 0, b: 1, c: 2 } },
      problem_type: 'multi_label_classification',
    });
  });

  it('says the dtype that the values have', async () => {
    await save({ config: { torch_dtype: 'float16', dtype: undefined } });
    expect(await configFile()).toMatchObject({ dtype: 'float32' });
    expect(await configFile()).not.toHaveProperty('torch_dtype');
  });

  it('refuses a head that is not whole, of another kind, or with other labels', async () => {
    const values = new Map([...bert.values].filter(([name]) => name !== 'classifier.bias'));
    await expect(save({ values })).rejects.toThrow(
      `${directory}: not a whole classification or choice head: expected classifier.weight, classifier.bias`,
    );
    await expect(save({ head: { kind: 'choice' } })).rejects.toThrow(
      `${directory}: head: a choice has one output, these values have 3`,
    );
    await expect(save({ head: { kind: 'classification', labels: ['no', 'yes'] } })).rejects.toThrow(
      `${directory}: head.labels: expected 3 different names, one for each output, got no, yes`,
    );
    await expect(save({ head: { kind: 'classification', labels: ['no', 'no', 'yes'] } })).rejects.toThrow(
      'expected 3 different names',
    );
  });
});

describe('a head that config.json names', () => {
  const bert = caseOf('bert', 'classification');
  beforeEach(async () => {
    const head = { kind: 'classification', labels } as const;
    await saveModelDirectory(directory, { config: await plainConfig(bert), tokenizerFiles, values: bert.values, head });
  });
  const change = async (config: object) =>
    writeFile(join(directory, 'config.json'), JSON.stringify({ ...(await configFile()), ...config }));

  it('must have as many outputs as labels', async () => {
    await change({ id2label: { 0: 'no', 1: 'yes' }, num_labels: null });
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      '  classifier.weight: expected float32 [2, 16], got float32 [3, 16]',
    );
    await change({ id2label: { first: 'no' } });
    await expect(loadModelDirectory(directory)).rejects.toThrow(
      `${join(directory, 'config.json')}: not a usable configuration of a head\n  id2label.first: expected `,
    );
  });

  it('has two labels, or as many as num_labels says, when they have no names', async () => {
    await change({ id2label: undefined, num_labels: 3 });
    expect((await loadModelDirectory(directory)).head!.labels).toEqual(['LABEL_0', 'LABEL_1', 'LABEL_2']);
    await change({ num_labels: undefined });
    await expect(loadModelDirectory(directory)).rejects.toThrow('classifier.weight: expected float32 [2, 16]');
  });

  it('may be missing, which is said', async () => {
    const values = new Map([...bert.values].filter(([name]) => !name.startsWith('classifier')));
    await saveModelDirectory(directory, { config: await plainConfig(bert), tokenizerFiles, values });
    await change({ architectures: ['BertForSequenceClassification'] });
    const loaded = await loadModelDirectory(directory);
    expect(loaded.head).toBeUndefined();
    expect(loaded.notes).toContain('classification head of BertForSequenceClassification: not in the checkpoint');
  });

  it('is another one for another class, even under the same names', async () => {
    await change({ architectures: ['BertForTokenClassification'] });
    const loaded = await loadModelDirectory(directory);
    expect(loaded.head).toBeUndefined();
    expect(loaded.values.has('classifier.weight')).toBe(false);
    expect(loaded.notes).toContain('not used by the model: classifier.bias, classifier.weight');
  });

  it('may not be half there', async () => {
    const values = new Map([...bert.values].filter(([name]) => name !== 'classifier.bias'));
    await writeSafetensorsFile(join(directory, 'model.safetensors'), values);
    await expect(loadModelDirectory(directory)).rejects.toThrow('classifier.bias: expected float32 [3], got nothing');
  });
});

it('says the padding token of the tokenizer for a decoder', async () => {
  const gpt2 = caseOf('gpt2', 'classification');
  const config = { ...(await plainConfig(gpt2)), pad_token_id: 0 };
  const values = new Map([...gpt2.values, ['score.weight', floatTensor([1, 16], new Array(16).fill(0.5))]]);
  await saveModelDirectory(directory, { config, tokenizerFiles, values });
  // One output: a regression, or a choice by scores, which is the same class.
  expect(await configFile()).toMatchObject({ pad_token_id: 2, num_labels: 1, id2label: { 0: 'LABEL_0' } });
  expect(await configFile()).not.toHaveProperty('problem_type');
});
