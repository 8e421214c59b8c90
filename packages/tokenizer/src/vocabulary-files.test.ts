import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { type VocabularyFilesCall, vocabularyTokenizerJson } from './vocabulary-files.ts';

const folder = new URL('../test/fixtures/tokenizers/', import.meta.url);
const read = <T>(name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T;
const strings = read<string[]>('strings.json');
interface Json {
  readonly model: { readonly vocab: Readonly<Record<string, number>>; readonly merges?: readonly [string, string][] };
}

/** The files that older directories have instead of a fixture's tokenizer.json. */
function vocabularyFiles({ model: { vocab, merges } }: Json, lineEnd = '\n'): VocabularyFilesCall['files'] {
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (merges === undefined) {
    const words = Object.keys(vocab).sort((a, b) => vocab[a]! - vocab[b]!);
    return { 'vocab.txt': bytes(words.join(lineEnd) + lineEnd) };
  }
  const lines = ['#version: 0.2', ...merges.map((pair) => pair.join(' '))];
  return { 'vocab.json': bytes(JSON.stringify(vocab)), 'merges.txt': bytes(lines.join(lineEnd) + lineEnd) };
}

const where = (name: string) => `models/old/${name}`;
const bytes = (text: string) => new TextEncoder().encode(text);
const words = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nriver\n';

describe('vocabularyTokenizerJson', () => {
  it.each([
    ['bert-uncased', {}, '\n'],
    ['bert-uncased', { do_lower_case: true }, '\r\n'],
    ['bert-cased', {}, '\n'],
    ['gpt2', {}, '\n'],
    ['roberta', {}, '\r\n'],
  ])('%s with %j: the same ids and layout as from tokenizer.json', (name, config, lineEnd) => {
    const json = read<Json>(`${name}.tokenizer.json`);
    const whole = createTokenizer({ tokenizer: json });
    const built = createTokenizer({
      tokenizer: vocabularyTokenizerJson({ files: vocabularyFiles(json, lineEnd), config, where }),
      config,
    });
    expect(built.layout).toEqual(whole.layout);
    expect(built.specialIds).toEqual(whole.specialIds);
    expect(built.vocabSize).toBe(whole.vocabSize);
    expect(strings.map((text) => built.encode(text))).toEqual(strings.map((text) => whole.encode(text)));
    const ids = whole.encode('Nobody repaired the old lantern, yet it shone.');
    expect(built.decode(ids)).toBe(whole.decode(ids));
  });

  it('takes what tokenizer_config.json says', () => {
    const files = { 'vocab.txt': bytes(words.replace('[MASK]', '<m>')) };
    const config = { mask_token: '<m>', do_lower_case: false, strip_accents: true, tokenize_chinese_chars: false };
    const json = vocabularyTokenizerJson({ files, config, where });
    expect(json).toMatchObject({ normalizer: { lowercase: false, strip_accents: true, handle_chinese_chars: false } });
    expect(createTokenizer({ tokenizer: json, config }).specialIds.mask).toBe(4);
  });

  it('puts the tokens around texts that add_bos_token and add_eos_token ask for', () => {
    const files = { 'vocab.json': bytes('{"a": 0, "<|endoftext|>": 1}'), 'merges.txt': bytes('') };
    const layoutOf = (config: object) =>
      createTokenizer({ tokenizer: vocabularyTokenizerJson({ files, config, where }), config }).layout;
    expect(layoutOf({}).single).toEqual({ prefix: [], suffix: [] });
    expect(layoutOf({ add_bos_token: true }).single).toEqual({ prefix: [1], suffix: [] });
    expect(layoutOf({ add_bos_token: true, add_eos_token: true }).pair).toMatchObject({ joiner: [1, 1], suffix: [1] });
  });

  it.each<[string, VocabularyFilesCall['files'], string]>([
    ['special tokens missing', { 'vocab.txt': bytes('a\nb\n') }, 'models/old/vocab.txt: its 2 lines lack [PAD], [UNK]'],
    [
      'a word twice',
      { 'vocab.txt': bytes(`${words}river\n`) },
      'models/old/vocab.txt: line 7: "river" occurs more than',
    ],
    ['no text', { 'vocab.txt': Uint8Array.of(255, 254) }, 'models/old/vocab.txt: not UTF-8 text'],
    [
      'merges that are no text',
      { 'vocab.json': bytes('{"a": 0}'), 'merges.txt': Uint8Array.of(255) },
      'models/old/merges.txt: not UTF-8 text: ',
    ],
    ['no JSON', { 'vocab.json': bytes('{'), 'merges.txt': bytes('') }, 'models/old/vocab.json: not JSON'],
    [
      'an id that is none',
      { 'vocab.json': bytes('{"a": -1}'), 'merges.txt': bytes('') },
      'models/old/vocab.json: not a usable tokenizer\n  expected an id from 0 to 16777215 for "a", got {"a":-1}',
    ],
    [
      'an id twice',
      { 'vocab.json': bytes('{"a": 1, "b": 1}'), 'merges.txt': bytes('') },
      'an id of its own for "b"; "a" has 1 too',
    ],
    [
      'a merge of three',
      { 'vocab.json': bytes('{"a": 0}'), 'merges.txt': bytes('#version: 0.2\na b c\n') },
      'models/old/merges.txt: line 2: expected two tokens with a space between, got "a b c"',
    ],
    ['half a vocabulary', { 'vocab.json': bytes('{}') }, 'models/old/vocab.json: expected vocab.json with merges.txt'],
  ])('refuses %s', (_title, files, message) => {
    expect(() => vocabularyTokenizerJson({ files, where })).toThrow(message);
  });
});
