import { z } from 'zod';
import { regexFinder } from '../patterns/find-matches.ts';
import { patternSchema } from '../patterns/pattern-schema.ts';
import { type CodePointSet, codePointSet, lowerCase, whiteSpace } from '../unicode/code-point-set.ts';
import { normalForm } from '../unicode/normal-form.ts';
import { joinWithin, mostOf } from './growth.ts';
import { createPrecompiled } from './precompiled.ts';

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

/** @param most  characters that it may make of the text */
type Normalizer = (text: string, most: number) => string;

/**
 * A normalizer as the reference library has it, with its tables of characters.
 *
 * @throws Error for a pattern or a map that cannot be used; the normalizer, where it makes too much of a text
 */
export function createNormalizer(config: NormalizerConfig): (text: string) => string {
  const normalize = create(config);
  return (text) => normalize(text, mostOf(text));
}

function create(config: NormalizerConfig): Normalizer {
  switch (config.type) {
    case 'Sequence':
      return inTurn(config.normalizers.map(create));
    case 'BertNormalizer':
      return bert(config);
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return (text) => normalForm(text, config.type);
    case 'Lowercase':
      return lowerCase;
    case 'StripAccents':
      return without(codePointSet('combiningMark'));
    case 'Strip':
      return (text) => strip(text, config);
    case 'Prepend':
      return (text, most) => (text === '' ? '' : joinWithin([config.prepend, text], most));
    case 'Replace':
      return replace(config);
    case 'Precompiled':
      return precompiled(config.precompiled_charsmap ?? '');
    default:
      return config satisfies never;
  }
}

const inTurn = (steps: readonly Normalizer[]): Normalizer => {
  return (text, most) => steps.reduce((result, step) => step(result, most), text);
};

/** Devlin et al. 2019, as its first code has it. */
function bert(config: z.infer<typeof settings.bert>): Normalizer {
  const noMarks = without(codePointSet('nonspacingMark'));
  const steps: Normalizer[] = [];
  if (config.clean_text) steps.push(without(codePointSet('control')), (text) => mapSet(text, whiteSpace, () => ' '));
  if (config.handle_chinese_chars) steps.push((text) => mapSet(text, codePointSet('ideograph'), (char) => ` ${char} `));
  if (config.strip_accents ?? config.lowercase) steps.push((text, most) => noMarks(normalForm(text, 'NFD'), most));
  if (config.lowercase) steps.push(lowerCase);
  return inTurn(steps);
}

function without(set: CodePointSet): Normalizer {
  return (text) => mapSet(text, set, () => '');
}

function mapSet(text: string, set: CodePointSet, write: (char: string) => string): string {
  let result = '';
  for (const char of text) result += set.has(char.codePointAt(0)!) ? write(char) : char;
  return result;
}

function replace({ pattern, content }: z.infer<typeof settings.replace>): Normalizer {
  if ('String' in pattern) {
    const { String: wanted } = pattern;
    return (text, most) => (wanted === '' ? text : joinWithin(text.split(wanted), most, content));
  }
  const find = regexFinder(pattern.Regex);
  return (text, most) => {
    const parts: string[] = [];
    let last = 0;
    for (const [start, end] of find(text)) {
      parts.push(text.slice(last, start));
      last = end;
    }
    return joinWithin([...parts, text.slice(last)], most, content);
  };
}

function strip(text: string, { strip_left: left, strip_right: right }: { strip_left: boolean; strip_right: boolean }) {
  let [start, end] = [0, text.length];
  while (left && start < end && whiteSpace.has(text.charCodeAt(start))) start++;
  while (right && end > start && whiteSpace.has(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function precompiled(base64: string): Normalizer {
  if (base64 === '') return (text) => text;
  const normalize = createPrecompiled(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  if (normalize !== undefined) return normalize;
  throw new Error('normalizer: precompiled_charsmap: expected a trie and its texts, got other bytes');
}
