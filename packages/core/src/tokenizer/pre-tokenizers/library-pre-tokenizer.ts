import type { z } from 'zod';
import type { preTokenizerSchema } from './pre-tokenizer-schema.ts';

type PreTokenizerConfig = z.infer<typeof preTokenizerSchema>;

/**
 * A pre-tokenizer in words that `@huggingface/tokenizers` understands as the reference library does. What it has
 * otherwise becomes a split by a pattern: white space is Unicode's (JavaScript's \s has U+FEFF too and lacks U+0085), a
 * word has marks and joiners, a digit is any numeric character, each punctuation character is a piece of its own, and
 * metaspaces begin words after every character, not ASCII alone.
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
