import { z } from 'zod';
import { patternSchema } from './normalizers/create-normalizer.ts';

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

type PreTokenizerConfig = z.infer<typeof preTokenizerSchema>;

/**
 * A pre-tokenizer with which `@huggingface/tokenizers` splits as the reference library does. Where the two differ it is
 * a split by a pattern: white space is Unicode's (JavaScript's \s has U+FEFF too and lacks U+0085), a word has marks
 * and joiners, a digit is any numeric character, each punctuation character is a piece of its own, and metaspaces begin
 * words after every character, not ASCII alone.
 */
export function libraryPreTokenizer(config: PreTokenizerConfig): object {
  switch (config.type) {
    case 'Sequence':
      return { ...config, pretokenizers: config.pretokenizers.map(libraryPreTokenizer) };
    case 'BertPreTokenizer':
      return sequence(matches('[^\\p{White_Space}]+'), isolated(punctuation));
    case 'Whitespace':
      return matches(`[${wordCharacters}]+|[^${wordCharacters}\\p{White_Space}]+`);
    case 'WhitespaceSplit':
      return matches('[^\\p{White_Space}]+');
    case 'Punctuation':
      return isolated(config.behavior === 'Isolated' ? punctuation : `${punctuation}+`);
    case 'Digits':
      return isolated(config.individual_digits ? '\\p{N}' : '\\p{N}+');
    case 'Metaspace':
      return config.split
        ? sequence(config, matches(`${config.replacement}[^${config.replacement}]*|[^${config.replacement}]+`))
        : config;
    default:
      return config;
  }
}

/** What Rust's regular expressions mean by a word character, to be put into a class. */
const wordCharacters = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

/** Unicode's punctuation and all of ASCII's, symbols included. */
const punctuation = '[\\p{P}!-/:-@\\[-`{-~]';

const sequence = (...pretokenizers: object[]) => ({ type: 'Sequence', pretokenizers });
const split = (regex: string, behavior: string, invert: boolean) => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior,
  invert,
});
const isolated = (regex: string) => split(regex, 'Isolated', false);
const matches = (regex: string) => split(regex, 'Removed', true);
