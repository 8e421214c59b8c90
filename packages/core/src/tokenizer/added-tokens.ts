import { z } from 'zod';
import { MAX_ID } from './models/vocabulary.ts';
import type { Normalizer } from './normalizers/create-normalizer.ts';
import { type AlignedText, alignText, sliceText } from './text/aligned-text.ts';
import { isWhiteSpace, wordCharacters } from './text/characters.ts';
import { findSegments } from './text/find-segments.ts';

export const addedTokenSchema = z
  .looseObject({
    id: z.int().min(0).max(MAX_ID),
    content: z.string().min(1),
    single_word: z.boolean().default(false),
    lstrip: z.boolean().default(false),
    rstrip: z.boolean().default(false),
    normalized: z.boolean().optional(),
    special: z.boolean().default(false),
  })
  .transform((token) => ({ ...token, normalized: token.normalized ?? !token.special }));
export type AddedToken = z.infer<typeof addedTokenSchema>;

/** A part of a text: an added token's id and span, or text that is still to be tokenised. */
export interface Section {
  readonly text: AlignedText;
  readonly id?: number;
}

/** Finds added tokens in a text; with `isSpecialText` special ones are ordinary characters. */
export type AddedTokenSplitter = (text: AlignedText, options: { readonly isSpecialText: boolean }) => Section[];

/** Finds the longest of these tokens at each place; with a normalizer, their normalised forms. */
export function addedTokenSplitter(tokens: readonly AddedToken[], normalize?: Normalizer): AddedTokenSplitter {
  const written = tokens.map((token) => {
    const content = normalize === undefined ? token.content : normalize(alignText(token.content)).chars.join('');
    return [content, token] as const;
  });
  const byContent = new Map(written.filter(([content]) => content !== '').reverse());
  if (byContent.size === 0) return (text) => (text.chars.length === 0 ? [] : [{ text }]);
  const longestFirst = [...byContent.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const pattern = new RegExp(longestFirst.map((content) => content.replace(syntax, '\\$&')).join('|'), 'gu');
  return (text, { isSpecialText }) => {
    const sections: Section[] = [];
    let covered = 0;
    for (const { start, end, isMatch } of findSegments(text, pattern)) {
      const token = isMatch ? byContent.get(text.chars.slice(start, end).join('')) : undefined;
      if (token === undefined || (token.special && isSpecialText) || !fits(token, text.chars, start, end)) continue;
      const first = token.lstrip ? Math.max(covered, skipSpace(text.chars, start, -1)) : start;
      const last = token.rstrip ? skipSpace(text.chars, end, 1) : end;
      if (covered < first) sections.push({ text: sliceText(text, covered, first) });
      sections.push({ text: sliceText(text, first, last), id: token.id });
      covered = last;
    }
    if (covered < text.chars.length) sections.push({ text: sliceText(text, covered, text.chars.length) });
    return sections;
  };
}

const syntax = /[\\^$.*+?()[\]{}|/]/g;
const wordCharacter = new RegExp(`^[${wordCharacters}]$`, 'u');

function fits(
  { single_word: isSingleWord }: AddedToken,
  chars: readonly string[],
  start: number,
  end: number,
): boolean {
  const isWord = (char: string | undefined) => char !== undefined && wordCharacter.test(char);
  return !isSingleWord || !(isWord(chars[start - 1]) || isWord(chars[end]));
}

/** The position after the white space that begins at `from`, forwards or backwards. */
function skipSpace(chars: readonly string[], from: number, step: 1 | -1): number {
  let at = from;
  while (isWhiteSpace(chars[step === 1 ? at : at - 1] ?? '')) at += step;
  return at;
}
