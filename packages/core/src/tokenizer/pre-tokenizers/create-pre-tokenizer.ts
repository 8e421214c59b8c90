import { z } from 'zod';
import type { AlignedText } from '../text/aligned-text.ts';
import { isNumeric, isPunctuation, isWhiteSpace, wordCharacters } from '../text/characters.ts';
import { compilePattern, patternSchema } from '../text/compile-pattern.ts';
import { type SplitCall, splitText } from '../text/split-text.ts';
import { preTokenizeBytes } from './byte-level.ts';
import { metaspaceSchema, preTokenizeMetaspace } from './metaspace.ts';

/** Cuts a text into words; a model never joins characters of two. */
export type PreTokenizer = (text: AlignedText) => readonly AlignedText[];

const behavior = z.enum(['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']);
const settings = {
  bert: z.looseObject({ type: z.literal('BertPreTokenizer') }),
  byteLevel: z.looseObject({
    type: z.literal('ByteLevel'),
    add_prefix_space: z.boolean().default(true),
    use_regex: z.boolean().default(true),
  }),
  whitespace: z.looseObject({ type: z.enum(['Whitespace', 'WhitespaceSplit']) }),
  split: z.looseObject({
    type: z.literal('Split'),
    pattern: patternSchema,
    behavior,
    invert: z.boolean().default(false),
  }),
  digits: z.looseObject({ type: z.literal('Digits'), individual_digits: z.boolean().default(false) }),
  punctuation: z.looseObject({ type: z.literal('Punctuation'), behavior: behavior.default('Isolated') }),
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

const wordsAndSymbols = new RegExp(`[${wordCharacters}]+|[^${wordCharacters}\\p{White_Space}]+`, 'gu');

/** @throws SyntaxError for a pattern that cannot be used */
export function createPreTokenizer(config: z.infer<typeof preTokenizerSchema>): PreTokenizer {
  switch (config.type) {
    case 'BertPreTokenizer':
      return inTurn([
        split({ pattern: isWhiteSpace, behavior: 'Removed' }),
        split({ pattern: isPunctuation, behavior: 'Isolated' }),
      ]);
    case 'ByteLevel':
      return (text) => preTokenizeBytes(text, config);
    case 'Metaspace':
      return (text) => preTokenizeMetaspace(text, config);
    case 'Whitespace':
      return split({ pattern: wordsAndSymbols, behavior: 'Removed', invert: true });
    case 'WhitespaceSplit':
      return split({ pattern: isWhiteSpace, behavior: 'Removed' });
    case 'Split':
      return split({ ...config, pattern: compilePattern(config.pattern) });
    case 'Digits':
      return split({ pattern: isNumeric, behavior: config.individual_digits ? 'Isolated' : 'Contiguous' });
    case 'Punctuation':
      return split({ pattern: isPunctuation, behavior: config.behavior });
    case 'Sequence':
      return inTurn(config.pretokenizers.map(createPreTokenizer));
    default:
      return config satisfies never;
  }
}

const split =
  (call: SplitCall): PreTokenizer =>
  (text) =>
    splitText(text, call);

const inTurn =
  (steps: readonly PreTokenizer[]): PreTokenizer =>
  (text) =>
    steps.reduce<readonly AlignedText[]>((pieces, step) => pieces.flatMap(step), [text]);
