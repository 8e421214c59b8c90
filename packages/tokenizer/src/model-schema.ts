import { z } from 'zod';

/**
 * Tokens and their ids, as tokenizer.json and vocab.json have them. Checked by hand: a schema for each of 150,000
 * entries takes longer than everything else, and drops a token named "__proto__".
 */
export const vocabularySchema = z.custom<object>().transform((value, context): ReadonlyMap<string, number> => {
  const fail = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('an object of token: id');
  const vocabulary = new Map<string, number>();
  const tokens = new Map<number, string>();
  for (const [token, id] of Object.entries(value)) {
    if (!Number.isInteger(id) || id < 0 || id > MAX_ID) return fail(`an id from 0 to ${MAX_ID} for ${quoted(token)}`);
    const other = tokens.get(id);
    if (other !== undefined) return fail(`an id of its own for ${quoted(token)}; ${quoted(other)} has ${id} too`);
    vocabulary.set(token, id);
    tokens.set(id, token);
  }
  return vocabulary;
});

/** Far beyond any vocabulary; an id past it is a damaged file and would ask for gigabytes of logits. */
export const MAX_ID = 2 ** 24 - 1;

const quoted = (token: string) => JSON.stringify(token.length > 40 ? `${token.slice(0, 40)}…` : token);

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
  continuing_subword_prefix: z.string().nullable().default(null),
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
type ModelSettings = z.infer<typeof modelSchema>;

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
  const cut = model.continuing_subword_prefix?.length ?? 0;
  const made = ([first, second]: readonly [string, string]) => [first, second, first + second.slice(cut)];
  const missing = model.merges.find((pair) => made(pair).some((token) => !model.vocab.has(token)));
  if (missing === undefined) return;
  const isMade = missing.every((token) => model.vocab.has(token));
  throw new Error(`model: merge "${missing.join(' ')}" ${isMade ? 'makes' : 'has'} a token that is not in vocab`);
}
