import { z } from 'zod';
import { WordPiece } from '../library.ts';
import type { TokenModel } from './token-model.ts';
import { vocabularySchema } from './vocabulary.ts';

export const wordPieceSchema = z.looseObject({
  type: z.literal('WordPiece'),
  vocab: vocabularySchema,
  unk_token: z.string().default('[UNK]'),
  continuing_subword_prefix: z.string().default('##'),
  max_input_chars_per_word: z.int().min(1).default(100),
});

/** Longest match first; a word with a part that is not in the vocabulary is unknown as a whole. Wu et al. 2016. */
export function createWordPiece(config: z.infer<typeof wordPieceSchema>): TokenModel {
  const { vocab, unk_token: unknownToken, continuing_subword_prefix: prefix } = config;
  const unknownId = vocab.get(unknownToken);
  if (unknownId === undefined) throw new Error(`model: unk_token ${unknownToken} is not in vocab`);
  const library = new WordPiece({ ...config, vocab: Object.fromEntries(vocab) });
  return (chars) => {
    const pieces = library.encode([chars.join('')]);
    if (pieces.length === 1) return [{ id: vocab.get(pieces[0]!) ?? unknownId, start: 0, end: chars.length }];
    let end = 0;
    return pieces.map((piece, index) => {
      const start = end;
      end += [...piece].length - (index === 0 ? 0 : [...prefix].length);
      return { id: vocab.get(piece)!, start, end };
    });
  };
}
