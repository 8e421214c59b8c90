import { z } from 'zod';
import { BPE } from '../library.ts';
import { byteFallback, type TokenModel, type WordToken } from './token-model.ts';
import { vocabularySchema } from './vocabulary.ts';

/** "a b", or a pair, as newer files write it. */
const merge = z.union([
  z.tuple([z.string(), z.string()]),
  z.string().transform((text, context): [string, string] => {
    const [first = '', second = '', ...more] = text.split(' ');
    if (first === '' || second === '' || more.length > 0) context.addIssue({ code: 'custom', message: 'two tokens' });
    return [first, second];
  }),
]);

export const bpeSchema = z.looseObject({
  type: z.literal('BPE'),
  vocab: vocabularySchema,
  merges: z.array(merge),
  unk_token: z.string().nullable().default(null),
  continuing_subword_prefix: z.literal(['', null]).default(null),
  end_of_word_suffix: z.string().nullable().default(null),
  fuse_unk: z.boolean().default(false),
  byte_fallback: z.boolean().default(false),
  ignore_merges: z.boolean().default(false),
});
type BpeSettings = z.infer<typeof bpeSchema>;

/**
 * Byte-pair encoding: merges pairs of neighbours, the one learnt first before others (Sennrich et al. 2016). What is
 * not in the vocabulary becomes its bytes, or the unknown token, or nothing, in this order of preference.
 */
export function createBpe(config: BpeSettings): TokenModel {
  const { vocab, ignore_merges: ignoreMerges, unk_token: unknownToken, end_of_word_suffix: suffix } = config;
  const missing = config.merges.find(([first, second]) => !vocab.has(first + second));
  if (missing !== undefined) throw new Error(`model: merge "${missing.join(' ')}" makes a token that is not in vocab`);
  const unknownId = unknownToken === null ? undefined : vocab.get(unknownToken);
  if (unknownToken !== null && unknownId === undefined) {
    throw new Error(`model: unk_token ${unknownToken} is not in vocab`);
  }
  const library = new BPE({ ...config, vocab: {} });
  return (chars) => {
    const word = chars.join('');
    const whole = ignoreMerges ? vocab.get(word) : undefined;
    if (whole !== undefined) return [{ id: whole, start: 0, end: chars.length }];
    const ends = endsOf(library.bpe(word), [...(suffix ?? '')].length);
    return ends.flatMap(({ piece, start, end }, index): WordToken[] => {
      const id = vocab.get(piece);
      if (id !== undefined) return [{ id, start, end }];
      const bytes = config.byte_fallback ? byteFallback(piece, vocab) : undefined;
      if (bytes !== undefined) return bytes.map((byte) => ({ id: byte, start, end }));
      if (unknownId === undefined) return [];
      const isFused = config.fuse_unk && index > 0 && !isKnown(ends[index - 1]!.piece, config);
      return isFused ? [] : [{ id: unknownId, start, end: config.fuse_unk ? unknownEnd(ends, index, config) : end }];
    });
  };
}

interface Piece {
  readonly piece: string;
  readonly start: number;
  readonly end: number;
}

function endsOf(pieces: readonly string[], suffixLength: number): Piece[] {
  let end = 0;
  return pieces.map((piece, index) => {
    const start = end;
    end += [...piece].length - (index === pieces.length - 1 ? suffixLength : 0);
    return { piece, start, end };
  });
}

function isKnown(piece: string, { vocab, byte_fallback: hasBytes }: BpeSettings): boolean {
  return vocab.has(piece) || (hasBytes && byteFallback(piece, vocab) !== undefined);
}

/** Where a run of unknown pieces ends. */
function unknownEnd(pieces: readonly Piece[], first: number, config: BpeSettings): number {
  let last = first;
  while (last + 1 < pieces.length && !isKnown(pieces[last + 1]!.piece, config)) last += 1;
  return pieces[last]!.end;
}
