import { describe, expect, it } from 'vitest';
import { diagnostics, filesOf, linesOf, type Row, rowsOf, tasks, world } from '../test/files.ts';

const corpus = ['facts', 'exercises'].flatMap((name) => linesOf(`corpus/${name}.txt`).map(bare));
const linesWithWord = new Map<string, string[]>();
for (const line of corpus)
  for (const word of new Set(line.split(' '))) linesWithWord.set(word, [...(linesWithWord.get(word) ?? []), line]);

describe.each([...tasks, ...diagnostics])('%s', (task) => {
  it('is nowhere in the corpus', () => {
    for (const row of filesOf(task).flatMap(rowsOf)) {
      const parts = partsOf(task, row).map(bare);
      expect(linesWithAll(parts), JSON.stringify(row)).toEqual([]);
    }
  });
});

describe('the corpus', () => {
  it('says of everything that tasks ask about what it is', () => {
    for (const [kind, things] of world.things)
      for (const thing of things) expect(linesWithAll([thing, kind]).length, `${thing}, ${kind}`).toBeGreaterThan(0);
  });

  it('names what it leaves untold, and never beside its kind', () => {
    for (const [kind, things] of world.untoldThings)
      for (const thing of things) {
        expect(linesWithWord.get(thing)?.length, thing).toBeGreaterThan(0);
        expect(linesWithAll([thing, kind]), thing).toEqual([]);
      }
  });

  it('states of notable people what is to be told, and nothing else', () => {
    for (const { name, facts, told } of world.notables)
      for (const [fact, value] of Object.entries(facts)) {
        // A child's facts may stand beside the father's name.
        const children = world.notables.filter((other) => other.facts.father === name);
        const lines = linesWithAll([name, value]).filter(
          (line) => !children.some((child) => line.includes(child.name)),
        );
        if ((told as readonly string[]).includes(fact)) expect(lines.length, `${name}, ${fact}`).toBeGreaterThan(0);
        else expect(lines, `${name}, ${fact}`).toEqual([]);
      }
  });
});

/** Corpus lines that contain all texts, found by the rarest of their words. */
function linesWithAll(parts: readonly string[]): string[] {
  const lists = parts.flatMap((part) => part.split(' ')).map((word) => linesWithWord.get(word) ?? []);
  const shortest = lists.reduce((best, list) => (list.length < best.length ? list : best));
  return shortest.filter((line) => parts.every((part) => ` ${line} `.includes(` ${part} `)));
}

/** Texts that together make a row; one line of the corpus must not have them all. */
function partsOf(task: string, row: Row): string[] {
  const texts = (...keys: string[]): string[] => keys.map((key) => String(row[key]));
  if (task === 'BoolQ') return texts('passage', 'question');
  if (['CB', 'RTE', 'AX-g'].includes(task)) return texts('premise', 'hypothesis');
  if (task === 'AX-b') return texts('sentence1', 'sentence2');
  if (task === 'COPA') return texts('premise', 'choice1', 'choice2');
  if (task === 'WiC') return texts('sentence1', 'sentence2');
  if (task === 'WSC') return texts('text');
  const { text, questions } = row.passage as { text: string; questions: { question: string }[] };
  if (task === 'MultiRC') return [text, questions[0]!.question];
  const { query } = (row.qas as { query: string }[])[0]!;
  return [text.replaceAll('@highlight\n', '- '), query.replace('@placeholder', '')];
}

/** Letters and digits only, in lower case. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}0-9]+/gu, ' ')
    .trim();
}
