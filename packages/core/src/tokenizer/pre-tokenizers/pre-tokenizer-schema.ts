import { z } from 'zod';
import { patternSchema } from '../normalizers/normalizer-schema.ts';

/** SentencePiece's mark for a space. `add_prefix_space` is what older files have for `prepend_scheme`. */
const metaspaceSchema = z
  .looseObject({
    type: z.literal('Metaspace'),
    replacement: z.string().refine((value) => [...value].length === 1, 'expected a single character'),
    prepend_scheme: z.enum(['first', 'never', 'always']).optional(),
    add_prefix_space: z.boolean().default(true),
    split: z.boolean().default(true),
  })
  .transform(({ prepend_scheme, add_prefix_space, ...rest }) => ({
    ...rest,
    prepend_scheme: prepend_scheme ?? (add_prefix_space ? ('always' as const) : ('never' as const)),
  }));

const settings = {
  bert: z.looseObject({ type: z.literal('BertPreTokenizer') }),
  byteLevel: z.looseObject({
    type: z.literal('ByteLevel'),
    add_prefix_space: z.boolean().default(true),
    use_regex: z.boolean().default(true),
  }),
  whitespace: z.looseObject({ type: z.enum(['Whitespace', 'WhitespaceSplit']) }),
  split: z
    .looseObject({
      type: z.literal('Split'),
      pattern: patternSchema,
      // The library splits in these ways alone, and with `invert` in the first.
      behavior: z.enum(['Removed', 'Isolated']),
      invert: z.boolean().default(false),
    })
    .refine(({ behavior, invert }) => !invert || behavior === 'Removed', 'invert needs the behavior Removed'),
  digits: z.looseObject({ type: z.literal('Digits'), individual_digits: z.boolean().default(false) }),
  punctuation: z.looseObject({
    type: z.literal('Punctuation'),
    behavior: z.enum(['Isolated', 'Contiguous']).default('Isolated'),
  }),
  sequence: z.looseObject({
    type: z.literal('Sequence'),
    get pretokenizers(): z.ZodArray<typeof preTokenizerSchema> {
      return z.array(preTokenizerSchema);
    },
  }),
};

/** A pre-tokenizer of tokenizer.json. */
export const preTokenizerSchema = z.discriminatedUnion(
  'type',
  [
    settings.bert,
    settings.byteLevel,
    settings.whitespace,
    settings.split,
    settings.digits,
    settings.punctuation,
    metaspaceSchema,
    settings.sequence,
  ],
  {
    error:
      'expected BertPreTokenizer, ByteLevel, Digits, Metaspace, Punctuation, Sequence, Split, Whitespace or ' +
      'WhitespaceSplit',
  },
);
