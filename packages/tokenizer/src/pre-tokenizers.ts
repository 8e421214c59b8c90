import { z } from 'zod';
import { byteText } from './byte-level.ts';
import { type Finder, regexFinder, type Span } from './patterns/find-matches.ts';
import { patternFinder, patternSchema } from './patterns/pattern-schema.ts';
import { characterFinder, type Piece, runFinder, type SplitBehavior, splitPiece } from './split-text.ts';
import { charactersOf, codePointSet, whiteSpace } from './unicode/code-point-set.ts';

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

type PreTokenizerConfig = z.infer<typeof preTokenizerSchema>;

/** Cuts a piece of text into words, and writes them as the model's vocabulary has them. */
export type PreTokenizer = (piece: Piece) => readonly Piece[];

/**
 * A pre-tokenizer as the reference library has it, with its tables of characters.
 *
 * @throws Error for a pattern that is not supported
 */
export function createPreTokenizer(config: PreTokenizerConfig): PreTokenizer {
  switch (config.type) {
    case 'Sequence':
      return inTurn(config.pretokenizers.map(createPreTokenizer));
    case 'BertPreTokenizer':
      return inTurn([
        splitter(characterFinder(whiteSpace), 'Removed'),
        splitter(characterFinder(codePointSet('punctuation')), 'Isolated'),
      ]);
    case 'Whitespace':
      return splitter(wordsAndMarks(), 'Removed', true);
    case 'WhitespaceSplit':
      return splitter(characterFinder(whiteSpace), 'Removed');
    case 'Punctuation':
      return splitter(characterFinder(codePointSet('punctuation')), config.behavior);
    case 'Digits':
      return splitter(characterFinder(codePointSet('numeric')), config.individual_digits ? 'Isolated' : 'Contiguous');
    case 'Split':
      return splitter(patternFinder(config.pattern), config.behavior, config.invert);
    case 'Metaspace':
      return metaspace(config);
    case 'ByteLevel':
      return byteLevel(config.add_prefix_space, config.use_regex);
    default:
      return config satisfies never;
  }
}

function inTurn(steps: readonly PreTokenizer[]): PreTokenizer {
  return (piece) => {
    let pieces: readonly Piece[] = [piece];
    for (const step of steps) {
      const next: Piece[] = [];
      for (const each of pieces) for (const made of step(each)) next.push(made);
      pieces = next;
    }
    return pieces;
  };
}

function splitter(find: Finder, how: SplitBehavior, invert = false): PreTokenizer {
  return (piece) => splitPiece(piece, find, how, invert);
}

/** `\w+|[^\w\s]+` */
function wordsAndMarks(): Finder {
  const words = runFinder(codePointSet('word'));
  const marks = runFinder(charactersOf().addAll(codePointSet('word')).addAll(whiteSpace).complement());
  return (text) => [...words(text), ...marks(text)].sort(([a]: Span, [b]: Span) => a - b);
}

function metaspace({ replacement, prepend_scheme: scheme, split }: z.infer<typeof metaspaceSchema>): PreTokenizer {
  const find = characterFinder(charactersOf(replacement.codePointAt(0)!));
  return (piece) => {
    const marked = piece.text.replaceAll(' ', () => replacement);
    const isPrefixed = scheme === 'always' || (scheme === 'first' && piece.isFirst);
    const text = isPrefixed && !marked.startsWith(replacement) ? replacement + marked : marked;
    return split ? splitPiece({ ...piece, text }, find, 'MergedWithNext') : [{ ...piece, text }];
  };
}

/** GPT-2's words (Radford et al. 2019, section 2.2), as bytes that are written as letters. */
function byteLevel(addPrefixSpace: boolean, useRegex: boolean): PreTokenizer {
  const find = useRegex ? regexFinder(gpt2Pattern) : undefined;
  return (piece) => {
    const isPrefixed = addPrefixSpace && !piece.text.startsWith(' ');
    const text = isPrefixed ? ` ${piece.text}` : piece.text;
    const words = find === undefined ? [{ ...piece, text }] : splitPiece({ ...piece, text }, find, 'Isolated');
    return words.map((word) => ({ ...word, text: byteText(word.text) }));
  };
}

const gpt2Pattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
