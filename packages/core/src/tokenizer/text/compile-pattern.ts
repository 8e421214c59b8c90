import { z } from 'zod';
import { SplitPreTokenizer } from '../library.ts';

/** A pattern of tokenizer.json: a literal string, or a regular expression in Oniguruma's dialect. */
export const patternSchema = z.union([z.strictObject({ String: z.string() }), z.strictObject({ Regex: z.string() })]);

/** @throws SyntaxError for an expression that JavaScript cannot have */
export function compilePattern(pattern: z.infer<typeof patternSchema>): RegExp {
  // The library's pre-tokenizer translates dialects; only its regular expression is wanted.
  return new SplitPreTokenizer({ type: 'Split', pattern, behavior: 'Isolated', invert: true }).pattern!;
}

/** Oniguruma's reading of an expression written in this code. */
export const compileRegex = (source: string): RegExp => compilePattern({ Regex: source });
