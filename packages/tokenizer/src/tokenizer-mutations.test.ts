import { readFileSync } from 'node:fs';
import { ConfigError, type RandomSource, randomSource } from '@attune/base';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { vocabularyTokenizerJson } from './vocabulary-files.ts';

const folder = new URL('../test/fixtures/tokenizers/', import.meta.url);
const text = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const { tokenizers } = JSON.parse(text('manifest.json')) as { tokenizers: string[] };
const PER_FILE = 60;

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every place of a file as (object, key); of long lists and vocabularies the first and last entries. */
function placesOf(value: unknown): [Node, string][] {
  if (!isNode(value)) return [];
  const keys = Object.keys(value);
  const chosen = keys.length > 40 ? [...keys.slice(0, 3), ...keys.slice(-3)] : keys;
  return chosen.flatMap((key): [Node, string][] => [[value, key], ...placesOf(value[key])]);
}

const junk = [null, -1, 0, 1.5, 1e9, 2 ** 31, '', 'x', '(', '\0', '__proto__', true, [], {}, [[]], { a: 1 }];

/** The file with one place removed, replaced by junk, or replaced by what is at another place. */
function mutated(file: string, random: RandomSource): unknown {
  const json = JSON.parse(file) as unknown;
  const pick = <T>(values: readonly T[]) => values[random.integer(values.length)]!;
  const [node, key] = pick(placesOf(json));
  const kind = random.integer(3);
  const [other, otherKey] = pick(placesOf(JSON.parse(file)));
  if (kind === 0) delete node[key];
  else node[key] = kind === 1 ? pick(junk) : other[otherKey];
  return json;
}

/** Whether a tokenizer was made; it must work then, and else be refused by the file's name. */
function isAccepted(make: () => Tokenizer): boolean {
  let tokenizer: Tokenizer;
  try {
    tokenizer = make();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(/^models\/damaged/);
    return false;
  }
  for (const string of ['', '  ', 'Hello wörld [MASK] 12 \u{1f600}あ <s>']) {
    const ids = tokenizer.encode(string);
    expect(ids.filter((id) => !(id >= 0 && id < tokenizer.vocabSize))).toEqual([]);
    expect(typeof tokenizer.decode(tokenizer.encode(string, { afterSpace: true }))).toBe('string');
  }
  return true;
}

describe('damaged tokenizers', () => {
  it.each(tokenizers)('%s: is refused by name, or works', (name) => {
    const file = text(`${name}.tokenizer.json`);
    const random = randomSource(17).fork(name);
    const accepted = Array.from({ length: PER_FILE }, (_, index) => {
      const tokenizer = mutated(file, random.fork(index));
      return isAccepted(() => createTokenizer({ tokenizer, where: 'models/damaged/tokenizer.json' }));
    });
    // Neither everything nor nothing, or the mutations would test little.
    expect(new Set(accepted).size).toBe(2);
  });

  it.each(['vocab.txt', 'merges.txt', 'vocab.json'] as const)(
    '%s with other bytes: is refused by name, or works',
    (name) => {
      const files = {
        'vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nriver\n##s\nthe\n',
        'merges.txt': '#version: 0.2\nh e\nĠ the\nt he\n',
        'vocab.json': JSON.stringify({ h: 0, e: 1, t: 2, Ġ: 3, he: 4, the: 5, Ġthe: 6, '<|endoftext|>': 7 }),
      };
      const names = name === 'vocab.txt' ? [name] : (['vocab.json', 'merges.txt'] as const);
      const random = randomSource(18).fork(name);
      const accepted: boolean[] = [];
      for (let count = 0; count < PER_FILE; count++) {
        const given = Object.fromEntries(names.map((own) => [own, new TextEncoder().encode(files[own])]));
        const bytes = given[name]!;
        bytes[random.integer(bytes.length)] = random.integer(256);
        accepted.push(
          isAccepted(() =>
            createTokenizer({
              tokenizer: vocabularyTokenizerJson({ files: given, where: (own) => `models/damaged/${own}` }),
              where: 'models/damaged',
            }),
          ),
        );
      }
      expect(new Set(accepted).size).toBe(2);
    },
  );

  it('refuses nesting without end, and a pattern that is none', () => {
    let nested: object = { type: 'NFC' };
    for (let depth = 0; depth < 20_000; depth++) nested = { type: 'Sequence', normalizers: [nested] };
    const model = { type: 'WordPiece', vocab: { '[UNK]': 0 } };
    const where = 'models/damaged/tokenizer.json';
    expect(() => createTokenizer({ tokenizer: { normalizer: nested, model }, where })).toThrow(
      `${where}: not a usable tokenizer: Maximum call stack size exceeded`,
    );
    const split = { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' };
    expect(() => createTokenizer({ tokenizer: { pre_tokenizer: split, model }, where })).toThrow(
      `${where}: not a usable tokenizer: regular expression "(": a ( without its ) at 1`,
    );
  });
});
