import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';

const folder = new URL('../test/fixtures/tokenizers/', import.meta.url);
const read = <T>(name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T;

/** Ids of the reference library: of two texts alone, of the first with its special tokens, of both. */
interface Layout {
  readonly first: number[];
  readonly second: number[];
  readonly single: number[];
  readonly pair: number[];
  readonly tokenTypes: number[];
}

describe('sequenceLayout', () => {
  it.each(Object.entries(read<Record<string, Layout>>('layouts.json')))(
    '%s: as the reference library',
    (name, wanted) => {
      const { layout, specialIds } = createTokenizer({ tokenizer: read(`${name}.tokenizer.json`) });
      const { single, pair, secondTokenType } = layout;
      expect([...single.prefix, ...wanted.first, ...single.suffix]).toEqual(wanted.single);
      const start = [...pair.prefix, ...wanted.first, ...pair.joiner];
      const rest = [...wanted.second, ...pair.suffix];
      expect([...start, ...rest]).toEqual(wanted.pair);
      // Decoders have no segments, whatever their template says.
      if (specialIds.cls === undefined) expect(secondTokenType).toBe(0);
      else expect([...start.map(() => 0), ...rest.map(() => secondTokenType)]).toEqual(wanted.tokenTypes);
    },
  );

  const words = { '[CLS]': 0, '[SEP]': 1, '[UNK]': 2, '<s>': 3, '</s>': 4, a: 5 };
  const layoutOf = (postProcessor: object | null, vocab: object = words) =>
    createTokenizer({ tokenizer: { post_processor: postProcessor, model: { type: 'WordPiece', vocab } } }).layout;
  const template = (pair: object[]) => ({
    type: 'TemplateProcessing',
    single: [{ Sequence: { id: 'A', type_id: 0 } }],
    pair,
    special_tokens: {},
  });
  const text = (id: string) => ({ Sequence: { id, type_id: 0 } });

  it('is that of the ids which BertProcessing and RobertaProcessing name', () => {
    const ends = { cls: ['<s>', 3], sep: ['</s>', 4] };
    expect(layoutOf({ type: 'BertProcessing', ...ends })).toEqual({
      single: { prefix: [3], suffix: [4] },
      pair: { prefix: [3], joiner: [4], suffix: [4] },
      secondTokenType: 1,
    });
    const roberta = { type: 'Sequence', processors: [{ type: 'RobertaProcessing', ...ends }] };
    expect(layoutOf(roberta)).toMatchObject({ pair: { joiner: [4, 4] }, secondTokenType: 0 });
  });

  it("is BERT's without a post-processor, and nothing where there is no start or separator", () => {
    expect(layoutOf(null)).toMatchObject({ pair: { prefix: [0], joiner: [1], suffix: [1] }, secondTokenType: 1 });
    expect(layoutOf(null, { '[UNK]': 0 })).toMatchObject({ pair: { prefix: [], joiner: [], suffix: [] } });
  });

  it.each<[string, object, string]>([
    [
      'an unknown special token',
      template([{ SpecialToken: { id: '[X]' } }, text('A'), text('B')]),
      'pair: [X] is not among',
    ],
    ['texts in another order', template([text('B'), text('A')]), 'pair: expected the texts A, B once, got B, A'],
    ['an unknown kind', { type: 'Xlm' }, 'post_processor.type: expected BertProcessing, ByteLevel'],
    [
      'ends without ids',
      { type: 'BertProcessing', cls: ['a'], sep: ['b', -1] },
      'post_processor.sep[1]: expected a number at least 0, got -1',
    ],
  ])('refuses %s', (_title, postProcessor, message) => {
    expect(() => layoutOf(postProcessor)).toThrow(message);
  });
});
