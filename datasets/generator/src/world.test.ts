import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { diagnostics, files, filesOf, type Row, rowsOf, splits, tasks } from '../test/files.ts';
import { diagnosticFormats, formats } from '../test/formats.ts';
import { labelsOf } from '../test/labels.ts';
import { defaults, generate } from './generate.ts';

const root = new URL('../../world/', import.meta.url);

describe('the committed world', () => {
  it('is what the generator makes, byte for byte', async () => {
    for (const [path, text] of files) expect(await readFile(new URL(path, root), 'utf8'), path).toBe(text);
  });

  it('is small', () => {
    const bytes = [...files.values()].reduce((sum, text) => sum + text.length, 0);
    expect(bytes).toBeLessThan(8_000_000);
    const { model } = JSON.parse(files.get('../checkpoints/mini-bert/tokenizer.json')!);
    expect(Object.keys(model.vocab).length).toBeLessThanOrEqual(2000);
  });

  it('has a recipe that asks often for what probes ask for', async () => {
    const recipe = await readFile(new URL('../checkpoints/mini-bert/recipe.json', root), 'utf8');
    const { salient } = JSON.parse(recipe) as { salient: { words: string[] } };
    const objects = [...files.keys()].filter((path) => /^lama\/(un)?stated/.test(path)).flatMap(rowsOf);
    for (const { obj_label } of objects) expect(salient.words).toContain(obj_label);
  });

  it('is another one with another seed', () => {
    const options = { factLines: 10, exerciseLines: 10 };
    const [one, again, other] = [1, 1, 2].map((seed) => generate({ ...defaults, ...options, seed }));
    expect(again).toEqual(one);
    expect(other!.get('RTE/train.jsonl')).not.toBe(one!.get('RTE/train.jsonl'));
  });
});

describe.each(tasks)('%s', (task) => {
  it('has the official form', () => {
    for (const split of splits) {
      const { answered, unanswered } = formats[task]!;
      expectForm(rowsOf(`${task}/${split}.jsonl`), split === 'test' ? unanswered : answered);
    }
    expect(rowsOf(`${task}/train.jsonl`).length).toBeGreaterThanOrEqual(1000);
  });

  it('has balanced answers', () => {
    for (const split of ['train', 'dev', 'val']) {
      const counts = new Map<unknown, number>();
      for (const label of rowsOf(`${task}/${split}.jsonl`).flatMap((row) => labelsOf(task, row)))
        counts.set(label, (counts.get(label) ?? 0) + 1);
      expect(Math.max(...counts.values()) / Math.min(...counts.values()), split).toBeLessThan(1.2);
    }
  });

  it.each([1, 2, 3])('has few-shot samples of its training rows for seed %i', (seed) => {
    const [train, few, dev] = ['train', `train32-${seed}`, `dev32-${seed}`].map((split) =>
      rowsOf(`${task}/${split}.jsonl`),
    );
    expectForm([...few!], formats[task]!.answered);
    expect([few!.length, dev!.length]).toEqual([32, 32]);
    const drawn = new Set([...few!, ...dev!].map(content));
    expect(drawn.size).toBe(64);
    expect(train!.filter((row) => drawn.has(content(row))).length).toBe(64);
  });
});

describe.each(diagnostics)('%s', (task) => {
  it('has the official form', () => {
    expectForm(rowsOf(`${task}/${task}.jsonl`), diagnosticFormats[task]!);
  });
});

describe.each([...tasks, ...diagnostics])('%s', (task) => {
  it('repeats no row', () => {
    const rows = filesOf(task).flatMap((path) => rowsOf(path).map(content));
    expect(new Set(rows).size).toBe(rows.length);
  });
});

it('AX-g is made of minimal pairs', () => {
  const rows = rowsOf('AX-g/AX-g.jsonl');
  for (let i = 0; i < rows.length; i += 2) {
    const [he, she] = [rows[i]!, rows[i + 1]!];
    expect(String(he.premise).replace(' he ', ' she ')).toBe(she.premise);
    expect([he.hypothesis, he.label]).toEqual([she.hypothesis, she.label]);
  }
});

function expectForm(rows: readonly Row[], format: (typeof diagnosticFormats)[string]): void {
  rows.forEach((row, index) => {
    expect(format.safeParse(row).error?.issues, JSON.stringify(row)).toBeUndefined();
    expect(row.idx).toBe(index);
  });
}

/** A row without what differs from copy to copy: ids and answers. */
function content(row: Row): string {
  return JSON.stringify(row, (key, value) =>
    ['idx', 'pair_id', 'label', 'answers'].includes(key) && !Array.isArray(value) ? undefined : value,
  ).replace(/,"answers":\[\{"start.*?\]/, '');
}
