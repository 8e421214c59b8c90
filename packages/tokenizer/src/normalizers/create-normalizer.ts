import { z } from 'zod';
import { libraryParts, literalContent } from '../library.ts';
import { createPrecompiled } from './precompiled.ts';

/** A pattern of tokenizer.json: a literal string, or a regular expression in Oniguruma's dialect. */
export const patternSchema = z.union([z.strictObject({ String: z.string() }), z.strictObject({ Regex: z.string() })]);

const settings = {
  bert: z.looseObject({
    type: z.literal('BertNormalizer'),
    clean_text: z.boolean().default(true),
    handle_chinese_chars: z.boolean().default(true),
    strip_accents: z.boolean().nullable().default(null),
    lowercase: z.boolean().default(true),
  }),
  unicode: z.looseObject({ type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD']) }),
  lowercase: z.looseObject({ type: z.literal('Lowercase') }),
  stripAccents: z.looseObject({ type: z.literal('StripAccents') }),
  strip: z.looseObject({
    type: z.literal('Strip'),
    strip_left: z.boolean().default(true),
    strip_right: z.boolean().default(true),
  }),
  prepend: z.looseObject({ type: z.literal('Prepend'), prepend: z.string() }),
  replace: z.looseObject({ type: z.literal('Replace'), pattern: patternSchema, content: z.string() }),
  precompiled: z.looseObject({ type: z.literal('Precompiled'), precompiled_charsmap: z.base64().nullable() }),
  sequence: z.looseObject({
    type: z.literal('Sequence'),
    get normalizers(): z.ZodArray<typeof normalizerSchema> {
      return z.array(normalizerSchema);
    },
  }),
};

/** A normalizer of tokenizer.json. */
export const normalizerSchema = z.discriminatedUnion(
  'type',
  [
    settings.bert,
    settings.unicode,
    settings.lowercase,
    settings.stripAccents,
    settings.strip,
    settings.prepend,
    settings.replace,
    settings.precompiled,
    settings.sequence,
  ],
  {
    error:
      'expected BertNormalizer, Lowercase, NFC, NFD, NFKC, NFKD, Precompiled, Prepend, Replace, Sequence, Strip or ' +
      'StripAccents',
  },
);

type NormalizerConfig = z.infer<typeof normalizerSchema>;

type Normalizer = (text: string) => string;

/**
 * A normalizer as the reference library has it. `@huggingface/tokenizers` differs in some, which are put right here: it
 * does not see ideographs beyond U+FFFF, has JavaScript's rule for a sigma at the end of a word and JavaScript's white
 * space (with U+FEFF, without U+0085), puts prefixes before empty texts, reads `$&` in what a Replace puts in, and replaces
 * SentencePiece's compiled rules by a few of its own.
 *
 * @throws Error for a pattern or a map that cannot be used
 */
export function createNormalizer(config: NormalizerConfig): Normalizer {
  switch (config.type) {
    case 'Sequence': {
      const steps = config.normalizers.map(createNormalizer);
      return (text) => steps.reduce((result, step) => step(result), text);
    }
    case 'BertNormalizer': {
      const normalize = fromLibrary(config);
      const space: Normalizer = config.handle_chinese_chars ? (text) => text.replace(farIdeographs, ' $& ') : same;
      const lower = config.lowercase ? lowerSigma : same;
      return (text) => normalize(lower(space(text)));
    }
    case 'Lowercase':
      return (text) => lowerSigma(text).toLowerCase();
    case 'Strip':
      return (text) => strip(text, config);
    case 'Prepend':
      return (text) => (text === '' ? '' : config.prepend + text);
    case 'Precompiled':
      return precompiled(config.precompiled_charsmap ?? '');
    case 'Replace':
      return fromLibrary({ ...config, content: literalContent(config.content) });
    default:
      return fromLibrary(config);
  }
}

const fromLibrary = (normalizer: object): Normalizer => libraryParts({ normalizer }).normalizer!;

const same: Normalizer = (text) => text;

/** As BERT draws the blocks; the fourth starts late there, and here. */
const farIdeographs =
  /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

/** A capital sigma as the small one within words, whatever its place: characters are lower-cased one by one. */
const lowerSigma: Normalizer = (text) => text.replaceAll('\u03a3', '\u03c3');

function strip(text: string, { strip_left: left, strip_right: right }: { strip_left: boolean; strip_right: boolean }) {
  const rest = left ? text.replace(/^\p{White_Space}+/u, '') : text;
  return right ? rest.replace(/\p{White_Space}+$/u, '') : rest;
}

function precompiled(base64: string): Normalizer {
  if (base64 === '') return same;
  const normalize = createPrecompiled(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  if (normalize !== undefined) return normalize;
  throw new Error('normalizer: precompiled_charsmap: expected a trie and its texts, got other bytes');
}
