import { z } from 'zod';

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

export type NormalizerConfig = z.infer<typeof normalizerSchema>;
