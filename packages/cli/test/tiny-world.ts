import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostTensors, randomSource } from '@attune/base';
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
const verbs = ['broke', 'fell', 'flew', 'sank'];
const good = ['red', 'new'];
const bad = ['green', 'old'];
const pick = (list: readonly string[], index: number) => list[index % list.length]!;
/** What decides a row's label: a good colour in even rows, a bad one in odd rows. */
const isRight = (index: number) => index % 2 === 0;
const colour = (index: number) => pick(isRight(index) ? good : bad, Math.floor(index / 2));
/** Rows of more than one length. */
const more = (index: number) => (index % 3 === 0 ? ' and late' : '');

/**
 * Rows in the formats of four tasks, made up here. A colour says the label, and says it more than once, so that a few
 * dozen steps surely find it: a training that is no better on dev than none keeps the untrained model, whose export and
 * evaluation show little.
 */
const rows: Readonly<Record<string, (index: number) => object>> = {
  BoolQ: (index) => ({
    question: `is the ${colour(index)} ${pick(things, index)} ${colour(index)}`,
    passage: `The ${colour(index)} ${colour(index)} ${pick(things, index)}${more(index)}.`,
    label: isRight(index),
  }),
  COPA: (index) => {
    // No word is in both: the gradients of a shared one cancel, and Adam makes full steps of what rounding leaves of them.
    const right = `It was ${pick(good, index)}${more(index)}.`;
    const wrong = `She is ${pick(bad, Math.floor(index / 2))}${index % 3 === 0 ? ' or so' : ''}.`;
    return {
      premise: `The ${pick(things, index)} ${pick(verbs, index)}.`,
      choice1: isRight(index) ? right : wrong,
      choice2: isRight(index) ? wrong : right,
      question: index % 3 === 0 ? 'cause' : 'effect',
      label: isRight(index) ? 0 : 1,
    };
  },
  RTE: (index) => ({
    premise: `The ${colour(index)} ${pick(things, index)} was ${colour(index)}${more(index)}.`,
    hypothesis: `It is ${colour(index)}.`,
    label: isRight(index) ? 'entailment' : 'not_entailment',
  }),
  WSC: (index) => ({
    text: `Mira met Toren but ${index % 3 === 0 ? 'she' : 'he'} was late.`,
    target: {
      span1_text: isRight(index) ? 'Mira' : 'Toren',
      span1_index: isRight(index) ? 0 : 2,
      span2_text: index % 3 === 0 ? 'she' : 'he',
      span2_index: 4,
    },
    label: isRight(index),
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
  const { vocab } = (tokenizer as { model: { vocab: Readonly<Record<string, number>> } }).model;
  const sizes = { vocab_size: Object.keys(vocab).length, max_position_embeddings: 64, ...change };
  const { config, values } = 'model_type' in sizes ? ofFamily(sizes) : tinyBert(sizes, 1);
  const files = { config, values: withAlikeColours(values, vocab), tokenizerFiles: { tokenizer } };
  await saveModelDirectory(directory, files);
}

/** What a pre-trained model has: embeddings in which good colours are like each other, and unlike bad ones. */
function withAlikeColours(values: HostTensors, vocab: Readonly<Record<string, number>>): HostTensors {
  const alike = new Map(values);
  for (const [name, { shape, data }] of values) {
    const [count, width] = shape;
    if (!/(word_embeddings|embed_tokens|wte)\.weight$/.test(name) || count !== Object.keys(vocab).length) continue;
    const changed = Float32Array.from(data);
    for (const word of [...good, ...bad]) {
      const sign = good.includes(word) ? 0.5 : -0.5;
      for (let at = 0; at < width!; at += 1) changed[vocab[word]! * width! + at]! += at % 2 === 0 ? sign : -sign;
    }
    alike.set(name, { dtype: 'float32', shape, data: changed });
  }
  return alike;
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

/** Of arms that train pseudo tokens alone, which move outputs less. */
export const promptTraining = { learningRate: 0.1, epochs: 20 };

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
    training: { learningRate: 0.02, batchSize: 6, epochs: 10, maxLength: 64 },
    seeds: [1, 2],
    ...change,
  };
  writeFileSync(file, JSON.stringify(experiment, null, 2));
  return file;
}
