import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../src/tokenizer/create-tokenizer.ts';
import type { OffsetEncoding } from '../src/tokenizer/tokenizer.ts';
import { utf16Offsets } from './utf16-offsets.ts';

const folder = new URL('./fixtures/tokenizers/', import.meta.url);
const read = <T>(name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T;
const strings = read<string[]>('strings.json');
const { tokenizers } = read<{ tokenizers: string[] }>('manifest.json');

/** Tokens as [id, start after the end before, length, ...] in code points. */
type Flat = readonly number[];
interface Encodings {
  /** Special tokens' names as ordinary characters, and as the tokens where that makes a difference. */
  readonly text: readonly Flat[];
  readonly recognized: Readonly<Record<string, Flat>>;
}

/** Ids and offsets of a fixture, in UTF-16 units. */
function encodingOf(flat: Flat, text: string): OffsetEncoding {
  const units = utf16Offsets(text);
  const ids: number[] = [];
  const offsets: [number, number][] = [];
  let end = 0;
  for (let index = 0; index < flat.length; index += 3) {
    const start = end + flat[index + 1]!;
    end = start + flat[index + 2]!;
    ids.push(flat[index]!);
    offsets.push([units[start]!, units[end]!]);
  }
  return { ids, offsets };
}

it('has texts enough', () => {
  expect(new Set(strings).size).toBeGreaterThanOrEqual(400);
});

describe.each(tokenizers)('%s', (name) => {
  const json = read<{ added_tokens: { id: number; special: boolean }[]; model: { unk_id?: number } }>(
    `${name}.tokenizer.json`,
  );
  const tokenizer = createTokenizer({ tokenizer: json, where: name });
  const { text, recognized } = read<Encodings>(`${name}.encodings.json`);
  const differences = (mode: 'text' | 'recognized', wanted: (index: number) => OffsetEncoding | undefined) =>
    strings.flatMap((string, index) => {
      const given = tokenizer.encodeWithOffsets(string, { specialTokens: mode });
      const expected = wanted(index) ?? given;
      return JSON.stringify(given) === JSON.stringify(expected) ? [] : [{ string, given, expected }];
    });

  it('gives the ids and offsets of the reference library', () => {
    expect(text).toHaveLength(strings.length);
    expect(
      differences('recognized', (index) => encodingOf(recognized[index] ?? text[index]!, strings[index]!)),
    ).toEqual([]);
  });

  it('does so with special tokens as text, but never finds one there', () => {
    const special = new Set(json.added_tokens.filter((token) => token.special).map(({ id }) => id));
    special.delete(json.model.unk_id ?? tokenizer.specialIds.unk ?? -1);
    const named = new Set(
      strings.flatMap((string, index) => {
        // The reference's unigram model finds special pieces in any text.
        const wanted = encodingOf(text[index]!, string);
        return wanted.ids.some((id) => special.has(id)) || string.includes('<unk>') ? [index] : [];
      }),
    );
    expect(named.size).toBeLessThan(20);
    expect(
      differences('text', (index) => (named.has(index) ? undefined : encodingOf(text[index]!, strings[index]!))),
    ).toEqual([]);
    for (const string of strings) {
      const ids = tokenizer.encode(string);
      expect(ids).toEqual(tokenizer.encodeWithOffsets(string).ids);
      expect(ids.filter((id) => special.has(id))).toEqual([]);
    }
  });
});
