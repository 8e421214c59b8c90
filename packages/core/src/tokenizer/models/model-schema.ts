import { z } from 'zod';
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

/** Byte-pair encoding: merges pairs of neighbours, the one learnt first before others (Sennrich et al. 2016). */
const bpeSchema = z.looseObject({
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

/** Longest match first; a word with a part that is not in the vocabulary is unknown as a whole (Wu et al. 2016). */
const wordPieceSchema = z.looseObject({
  type: z.literal('WordPiece'),
  vocab: vocabularySchema,
  unk_token: z.string().default('[UNK]'),
  continuing_subword_prefix: z.string().default('##'),
  max_input_chars_per_word: z.int().min(1).default(100),
});

/** The most likely segmentation under independent pieces (Kudo 2018). */
const unigramSchema = z.looseObject({
  type: z.literal('Unigram'),
  vocab: z.array(z.tuple([z.string(), z.number()])).min(1),
  unk_id: z.int().min(0),
  byte_fallback: z.boolean().default(false),
});

/** A model of tokenizer.json. */
export const modelSchema = z.discriminatedUnion('type', [bpeSchema, unigramSchema, wordPieceSchema], {
  error: 'expected BPE, Unigram or WordPiece',
});
export type ModelSettings = z.infer<typeof modelSchema>;

/** @throws Error when the parts of a model do not fit together: the library takes them as they come */
export function checkModel(model: ModelSettings): void {
  if (model.type === 'Unigram') {
    if (model.unk_id < model.vocab.length) return;
    throw new Error(`model: unk_id ${model.unk_id} is outside its ${model.vocab.length} pieces`);
  }
  if (model.unk_token !== null && !model.vocab.has(model.unk_token)) {
    throw new Error(`model: unk_token ${model.unk_token} is not in vocab`);
  }
  if (model.type !== 'BPE') return;
  const missing = model.merges.find(([first, second]) => !model.vocab.has(first + second));
  if (missing !== undefined) throw new Error(`model: merge "${missing.join(' ')}" makes a token that is not in vocab`);
}
