import { ConfigError } from '@attune/base';

/** Characters that a normalizer may make of any text, and of a longer one in proportion to it. */
const MOST = 1_000_000;
const MOST_PER_CHARACTER = 4;

/** The most that a normalizer may make of a text. */
export const mostOf = (text: string) => Math.max(MOST, MOST_PER_CHARACTER * text.length);

/**
 * Parts of what a normalizer makes of a text, as one, with `between` between them.
 *
 * @param most  of characters, by `mostOf` of the text that is encoded
 * @throws ConfigError when it is more than any normalizer in use makes of a text: rules that double a letter thirty
 *   times over make a billion of one
 */
export function joinWithin(parts: readonly string[], most: number, between = ''): string {
  const length = parts.reduce((sum, part) => sum + part.length, 0) + (parts.length - 1) * between.length;
  if (length <= most) return parts.join(between);
  throw new ConfigError(
    `tokenizer.json: normalizer: makes ${length} characters of a text, and ${most} are the most for its length; ` +
      'its rules replace texts by longer ones again and again',
  );
}
