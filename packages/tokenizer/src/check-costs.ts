import type { z } from 'zod';
import { compilePattern } from './patterns/compile-pattern.ts';
import { parsePattern } from './patterns/parse-pattern.ts';
import type { patternSchema } from './patterns/pattern-schema.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/** Each goes over the whole text. */
const mostParts = { normalizer: 50, pre_tokenizer: 8 };
/** Each may double a text. */
const MOST_BYTE_LEVELS = 2;
/** Steps of all regular expressions together; real ones have some hundred. */
const MOST_STEPS = 1000;

/**
 * Refuses what is far above any tokenizer in use and could take minutes for a text: time is in proportion to the parts
 * and to the steps of the regular expressions.
 *
 * @throws Error saying what there is too much of
 */
export function checkCosts({ normalizer, pre_tokenizer: preTokenizer }: TokenizerJson): void {
  let steps = 0;
  for (const [kind, part] of Object.entries({ normalizer, pre_tokenizer: preTokenizer })) {
    const parts = partsOf(part);
    const most = mostParts[kind as keyof typeof mostParts];
    if (parts.length > most) {
      throw new Error(`${kind}: expected at most ${most} parts, got ${parts.length}`);
    }
    const byteLevels = parts.filter(({ type }) => type === 'ByteLevel').length;
    if (byteLevels > MOST_BYTE_LEVELS) {
      throw new Error(`${kind}: expected at most ${MOST_BYTE_LEVELS} of ByteLevel, got ${byteLevels}`);
    }
    for (const { pattern } of parts) {
      if (pattern !== undefined && 'Regex' in pattern)
        steps += compilePattern(parsePattern(pattern.Regex)).steps.length;
    }
  }
  if (steps > MOST_STEPS) {
    throw new Error(`regular expressions of ${steps} steps together, and ${MOST_STEPS} are the most`);
  }
}

interface Part {
  readonly type: string;
  readonly normalizers?: readonly Part[];
  readonly pretokenizers?: readonly Part[];
  readonly pattern?: z.infer<typeof patternSchema>;
}

/** The steps that a sequence is made of. */
function partsOf(part: Part | null): readonly Part[] {
  if (part === null) return [];
  const inner = part.normalizers ?? part.pretokenizers;
  return inner === undefined ? [part] : inner.flatMap(partsOf);
}
