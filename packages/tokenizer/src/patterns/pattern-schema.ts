import { z } from 'zod';
import { type Finder, regexFinder, textFinder } from './find-matches.ts';

/** A pattern of tokenizer.json: a literal string, or a regular expression in Oniguruma's dialect. */
export const patternSchema = z.union([z.strictObject({ String: z.string() }), z.strictObject({ Regex: z.string() })]);

/** A pattern's matches. @throws Error for a regular expression that is not supported */
export function patternFinder(pattern: z.infer<typeof patternSchema>): Finder {
  return 'String' in pattern ? textFinder(pattern.String) : regexFinder(pattern.Regex);
}
