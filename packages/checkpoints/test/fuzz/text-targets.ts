import { readFileSync } from 'node:fs';
import { parseJson, parseRows } from '@attune/base';
import { createTokenizer, wordPieceTokenizerJson } from '@attune/tokenizer';
import { z } from 'zod';
import { type FuzzTarget, jsonBytes } from './fuzz-target.ts';

const words = ['river', 'lamp', '##s', 'ki', '##te', '.', 'old'];
const tokenizerJson = wordPieceTokenizerJson(words);

const tokenizer: FuzzTarget = {
  name: 'tokenizer.json',
  beside: new Map(),
  file: 'tokenizer.json',
  originals: [jsonBytes(tokenizerJson), ...['bert-cased', 'roberta', 'llama', 'albert'].map(tokenizerFixture)],
  load: async ({ path, bytes }) => useTokenizer(createTokenizer({ tokenizer: parseJson(bytes, path), where: path })),
};

function tokenizerFixture(name: string): Uint8Array {
  return new Uint8Array(
    readFileSync(new URL(`../../../tokenizer/test/fixtures/tokenizers/${name}.tokenizer.json`, import.meta.url)),
  );
}

const tokenizerConfig: FuzzTarget = {
  name: 'tokenizer_config.json',
  beside: new Map(),
  file: 'tokenizer_config.json',
  originals: [jsonBytes({ cls_token: '[CLS]', mask_token: { content: '[MASK]', lstrip: true }, model_max_length: 32 })],
  load: async ({ path, bytes }) =>
    useTokenizer(createTokenizer({ tokenizer: tokenizerJson, config: parseJson(bytes, path), where: path })),
};

const texts = [
  ...['', 'The old river.', 'kites ☂ and\u0000lamps\r\n', 'x'.repeat(300), '[MASK] <mask>'],
  ...[`${'a'.repeat(41)}!`, 'a '.repeat(2_000), '\ud800 alone \udc00', 'a'.repeat(5_000)],
];

function useTokenizer({ encode, decode, vocabSize }: ReturnType<typeof createTokenizer>): void {
  for (const given of texts) {
    const ids = encode(given);
    if (!ids.every((id) => Number.isInteger(id) && id >= 0 && id < vocabSize)) throw new Error(`ids ${ids.join()}`);
    decode(ids);
  }
}

const rowSchema = z.looseObject({ idx: z.int(), text: z.string(), label: z.boolean() });

const rows: FuzzTarget = {
  name: 'JSONL',
  beside: new Map(),
  file: 'train.jsonl',
  originals: [
    new TextEncoder().encode(
      [0, 1, 2, 3].map((idx) => `${JSON.stringify({ idx, text: `Ünder the 柳 ${idx}`, label: idx > 1 })}\n`).join(''),
    ),
  ],
  load: async ({ path, bytes }) => {
    const given = parseRows(bytes, path, rowSchema);
    const lines = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).split('\n');
    const expected = lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as object);
    if (JSON.stringify(given.map(sorted)) !== JSON.stringify(expected.map(sorted)))
      throw new Error('other rows than the file has');
  },
};

/** The order of keys means nothing; a key named __proto__ is nobody's column. */
function sorted(row: object): unknown {
  return Object.entries(row)
    .filter(([key]) => key !== '__proto__')
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

export const textTargets: readonly FuzzTarget[] = [tokenizer, tokenizerConfig, rows];
