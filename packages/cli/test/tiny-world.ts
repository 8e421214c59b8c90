import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomSource } from '@attune/base';
import { saveModelDirectory } from '@attune/checkpoints/node';
import { initializeParameters, modelFamily } from '@attune/core';
import { tinyBert } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';

/** The splits that the tiny world has. */
export const tinyData = { regime: 'tiny', splits: { train: 'train', select: 'dev', report: 'val' } };

const words = [
  ...['the', 'boat', 'lamp', 'garden', 'kite', 'is', 'red', 'green', 'old', 'new', 'and', 'he', 'she', 'it', 'was'],
  ...['broke', 'fell', 'flew', 'sank', 'mira', 'toren', 'met', 'but', 'late', 'because', 'so', 'or', 'question'],
  ...['answer', 'yes', 'no', 'maybe', 'true', 'false', 'pronoun', 'to', 'refers', 'in', 'what', 'does', 'refer'],
  ...['.', ',', '?', '"', '*', "'", ':', '(', ')', '-', '!'],
  ...[...'abcdefghijklmnopqrstuvwxyz'].flatMap((letter) => [letter, `##${letter}`]),
  '2',
];

const things = ['boat', 'lamp', 'garden', 'kite'];
const colours = ['red', 'green', 'old', 'new'];
const verbs = ['broke', 'fell', 'flew', 'sank'];
const pick = (list: readonly string[], index: number) => list[index % list.length]!;

/** Rows in the formats of four tasks, made up here: enough of them for a step or two. */
const rows: Readonly<Record<string, (index: number) => object>> = {
  BoolQ: (index) => ({
    question: `is the ${pick(things, index)} ${pick(colours, index + (index % 2))}`,
    passage: `The ${pick(things, index)} is ${pick(colours, index)}.`,
    label: index % 2 === 0,
  }),
  COPA: (index) => ({
    premise: `The ${pick(things, index)} ${pick(verbs, index)}.`,
    choice1: `It was ${pick(colours, index)}.`,
    choice2: `It ${pick(verbs, index + 1)}.`,
    question: index % 3 === 0 ? 'cause' : 'effect',
    label: index % 2,
  }),
  RTE: (index) => ({
    premise: `Mira met Toren in the ${pick(things, index)}.`,
    hypothesis: `${index % 2 === 0 ? 'Toren' : 'The lamp'} was in the ${pick(things, index)}.`,
    label: index % 2 === 0 ? 'entailment' : 'not_entailment',
  }),
  WSC: (index) => ({
    text: `Mira met Toren but ${index % 2 === 0 ? 'she' : 'he'} was late.`,
    target: {
      span1_text: index % 3 === 0 ? 'Toren' : 'Mira',
      span1_index: index % 3 === 0 ? 2 : 0,
      span2_text: index % 2 === 0 ? 'she' : 'he',
      span2_index: 4,
    },
    label: (index % 2 === 0) === (index % 3 !== 0),
  }),
};

const sizes = { train: 12, dev: 6, val: 9 };

/**
 * A new folder with a tiny model and tiny data of four tasks. Delete it with `remove`.
 *
 * @param config  keys of the model's config.json, e.g. { hidden_size: 128 }; all of them for another family than BERT
 */
export async function tinyWorld(config: Readonly<Record<string, unknown>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'attune-cli-'));
  await saveTinyModel(join(folder, 'model'), config);
  for (const [task, row] of Object.entries(rows)) writeTask(join(folder, 'data', task), row);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function saveTinyModel(directory: string, change: object): Promise<void> {
  const tokenizer = wordPieceTokenizerJson(words);
  const vocabSize = Object.keys((tokenizer as { model: { vocab: object } }).model.vocab).length;
  const sizes = { vocab_size: vocabSize, max_position_embeddings: 64, ...change };
  const { config, values } = 'model_type' in sizes ? ofFamily(sizes) : tinyBert(sizes);
  await saveModelDirectory(directory, { config, values, tokenizerFiles: { tokenizer } });
}

function ofFamily(change: object) {
  const { model, config } = modelFamily(change, 'tiny world').create(change, 'tiny world');
  return { config, values: initializeParameters(model.parameters, randomSource(0).fork('tiny-world')) };
}

function writeTask(directory: string, row: (index: number) => object): void {
  mkdirSync(directory, { recursive: true });
  let start = 0;
  for (const [split, size] of Object.entries(sizes)) {
    const lines = Array.from({ length: size }, (_, index) => JSON.stringify({ idx: index, ...row(start + index) }));
    writeFileSync(join(directory, `${split}.jsonl`), `${lines.join('\n')}\n`);
    start += size;
  }
}

/** An experiment over the tiny world; `change` replaces parts of it. */
export function writeExperiment(folder: string, change: object = {}, name = 'tiny'): string {
  const file = join(folder, `${name}.json`);
  const experiment = {
    name,
    title: 'Tiny',
    question: 'Does it run?',
    models: [{ name: 'tiny', directory: 'model' }],
    data: { directory: 'data', ...tinyData },
    tasks: ['boolq', 'copa'],
    arms: [{ method: 'full-fine-tuning' }, { method: 'lora', settings: { rank: 2 } }],
    training: { learningRate: 0.003, batchSize: 6, epochs: 2, maxLength: 64 },
    seeds: [1, 2],
    ...change,
  };
  writeFileSync(file, JSON.stringify(experiment, null, 2));
  return file;
}
