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
      const { layout } = createTokenizer({ tokenizer: read(`${name}.tokenizer.json`) });
      const { single, pair, secondTokenType } = layout;
      expect([...single.prefix, ...wanted.first, ...single.suffix]).toEqual(wanted.single);
      const start = [...pair.prefix, ...wanted.first, ...pair.joiner];
      const rest = [...wanted.second, ...pair.suffix];
      expect([...start, ...rest]).toEqual(wanted.pair);
      const types = [...pair.prefix.map(() => 0), ...wanted.first.map(() => 0), ...pair.joinerTokenTypes];
      // Without a template the library counts texts, and these models have no segments.
      if (secondTokenType === 0) expect(pair.prefix.length * pair.suffix.length === 0 || name === 'roberta').toBe(true);
      else expect([...types, ...rest.map(() => secondTokenType)]).toEqual(wanted.tokenTypes);
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
      pair: { prefix: [3], joiner: [4], suffix: [4], joinerTokenTypes: [0] },
      secondTokenType: 1,
    });
    const roberta = { type: 'Sequence', processors: [{ type: 'RobertaProcessing', ...ends }] };
    expect(layoutOf(roberta)).toMatchObject({ pair: { joiner: [4, 4] }, secondTokenType: 0 });
  });

  it("is BERT's without a post-processor, and nothing where there is no start or separator", () => {
    expect(layoutOf(null)).toMatchObject({ pair: { prefix: [0], joiner: [1], suffix: [1] }, secondTokenType: 1 });
    expect(layoutOf(null, { '[UNK]': 0 })).toMatchObject({ pair: { prefix: [], joiner: [], suffix: [] } });
  });

  it('tells texts apart as a template does, whatever its special tokens are called', () => {
    const at = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
    const made = createTokenizer({
      tokenizer: {
        post_processor: {
          type: 'TemplateProcessing',
          single: [at('<s>', 0), text('A'), at('</s>', 0)],
          pair: [at('<s>', 0), text('A'), at('</s>', 0), { Sequence: { id: 'B', type_id: 1 } }, at('</s>', 1)],
          special_tokens: { '<s>': { ids: [3] }, '</s>': { ids: [4] } },
        },
        model: { type: 'WordPiece', vocab: { '[UNK]': 2, '<s>': 3, '</s>': 4, a: 5 } },
      },
    });
    expect(made.layout.secondTokenType).toBe(1);
    expect(made.specialIds).toMatchObject({ cls: 3, sep: 4 });
  });

  it.each<[string, object, string]>([
    [
      'an unknown special token',
      template([{ SpecialToken: { id: '[X]' } }, text('A'), text('B')]),
      'pair: [X] is not among',
    ],
    [
      'token types that no model has',
      template([text('A'), { Sequence: { id: 'B', type_id: 2 } }]),
      'post_processor: expected the token type 0 up to the first text, and one of 0 and 1 from the second on, got 0, 2',
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
