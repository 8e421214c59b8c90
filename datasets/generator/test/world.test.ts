import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { generate } from '../src/index.ts';
import { formats } from './formats.ts';

const root = new URL('../../world/', import.meta.url);
const splits = ['train', 'dev', 'val', 'test'] as const;
const tasks = Object.keys(formats);
const files = generate();
const linesOf = (path: string): string[] => files.get(path)!.trimEnd().split('\n');
const rowsOf = (task: string, split: string): Record<string, unknown>[] =>
  linesOf(`${task}/${split}.jsonl`).map((line) => JSON.parse(line));

describe('the committed world', () => {
  it('is what the generator makes, byte for byte', async () => {
    for (const [path, text] of files) expect(await readFile(new URL(path, root), 'utf8'), path).toBe(text);
  });

  it('is small', () => {
    const bytes = [...files.values()].reduce((sum, text) => sum + text.length, 0);
    expect(bytes).toBeLessThan(5_000_000);
    const { model } = JSON.parse(files.get('../checkpoints/mini-bert/tokenizer.json')!);
    expect(Object.keys(model.vocab).length).toBeLessThanOrEqual(2000);
  });
});

describe.each(tasks)('%s', (task) => {
  it('has the official form', () => {
    for (const split of splits) {
      const { answered, unanswered } = formats[task]!;
      const format = split === 'test' ? unanswered : answered;
      rowsOf(task, split).forEach((row, index) => {
        expect(format.safeParse(row).error?.issues, JSON.stringify(row)).toBeUndefined();
        expect(row.idx).toBe(index);
      });
    }
  });

  it('repeats no row', () => {
    const rows = splits.flatMap((split) => rowsOf(task, split).map(content));
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('has balanced answers', () => {
    for (const split of ['train', 'dev', 'val']) {
      const counts = countAnswers(rowsOf(task, split));
      expect(Math.max(...counts.values()) / Math.min(...counts.values()), split).toBeLessThan(1.2);
    }
  });

  it('is nowhere in the corpus', () => {
    for (const split of splits)
      for (const row of rowsOf(task, split)) {
        const [rarest, ...others] = partsOf(task, row)
          .map(bare)
          .sort((a, b) => b.length - a.length);
        const found = linesWith(rarest!).filter((line) => others.every((part) => line.includes(part)));
        expect(found, JSON.stringify(row)).toEqual([]);
      }
  });
});

/** A row without what differs from copy to copy: ids and answers. */
function content(row: Record<string, unknown>): string {
  return JSON.stringify(row, (key, value) => (['idx', 'label', 'answers'].includes(key) ? undefined : value));
}

function countAnswers(rows: Record<string, unknown>[]): Map<string, number> {
  const counts = new Map<string, number>();
  const labels = rows.flatMap((row) =>
    [...JSON.stringify(row).matchAll(/"label":("\w+"|\w+)/g)].map((match) => match[1]!),
  );
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  // ReCoRD has no labels: where among the mentions the answer stands takes their place.
  if (labels.length === 0) for (const place of rows.map(answerPlace)) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts;
}

function answerPlace(row: Record<string, unknown>): string {
  const { passage, qas } = row as {
    passage: { entities: { start: number }[] };
    qas: { answers: { start: number }[] }[];
  };
  return String(passage.entities.findIndex(({ start }) => start === qas[0]!.answers[0]!.start));
}

/** Texts that together make a row; one line of the corpus must not have them all. */
function partsOf(task: string, row: Record<string, unknown>): string[] {
  const texts = (...keys: string[]): string[] => keys.map((key) => String(row[key]));
  if (task === 'BoolQ') return texts('passage', 'question');
  if (task === 'CB' || task === 'RTE') return texts('premise', 'hypothesis');
  if (task === 'COPA') return texts('premise', 'choice1', 'choice2');
  if (task === 'WiC') return texts('sentence1', 'sentence2');
  if (task === 'WSC') return texts('text');
  const { text } = row.passage as { text: string };
  if (task === 'MultiRC') return [text];
  const { query } = (row.qas as { query: string }[])[0]!;
  return [text.replaceAll('@highlight\n', '- '), query.replace('@placeholder', '')];
}

/** Letters and digits only, in lower case. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

const corpus = ['facts', 'exercises'].flatMap((name) => linesOf(`corpus/${name}.txt`).map(bare)).join('\n');

/** Corpus lines that contain a text. */
function linesWith(text: string): string[] {
  const found: string[] = [];
  for (let at = corpus.indexOf(text); at !== -1; at = corpus.indexOf(text, at + 1)) {
    found.push(corpus.slice(corpus.lastIndexOf('\n', at) + 1, corpus.indexOf('\n', at)));
  }
  return found;
}
