import { z } from 'zod';
import { type AlignedText, mapCharacters, prependText } from '../text/aligned-text.ts';
import { splitText } from '../text/split-text.ts';

/** SentencePiece's mark for a space. `add_prefix_space` is what older files have for `prepend_scheme`. */
export const metaspaceSchema = z
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

/** Words that begin with the mark for a space, which the text gets at its start where the scheme says so. */
export function preTokenizeMetaspace(text: AlignedText, settings: z.infer<typeof metaspaceSchema>): AlignedText[] {
  const { replacement, prepend_scheme: scheme } = settings;
  const marked = mapCharacters(text, (char) => (char === ' ' ? replacement : char));
  const isWanted = scheme === 'always' || (scheme === 'first' && marked.starts[0] === 0);
  const prefixed = isWanted && marked.chars[0] !== replacement ? prependText(replacement, marked) : marked;
  if (!settings.split) return [prefixed];
  return splitText(prefixed, { pattern: (char) => char === replacement, behavior: 'MergedWithNext' });
}
