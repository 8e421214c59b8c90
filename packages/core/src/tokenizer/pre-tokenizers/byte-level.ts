import { type AlignedText, mapCharacters, prependText } from '../text/aligned-text.ts';
import { compileRegex } from '../text/compile-pattern.ts';
import { splitText } from '../text/split-text.ts';

export interface ByteLevelSettings {
  readonly add_prefix_space: boolean;
  readonly use_regex: boolean;
}

/** GPT-2's words: contractions, letters, numbers and the rest, each with the space before it. */
const words = compileRegex("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");
const encoder = new TextEncoder();

/** The character that byte-level vocabularies write for each byte: itself where it is visible, else one from U+0100. */
export const byteCharacters: readonly string[] = (() => {
  let next = 256;
  const isVisible = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isVisible(byte) ? byte : next++));
})();

/** A text as words of byte characters (Radford et al. 2019, section 2.2). */
export function preTokenizeBytes(text: AlignedText, settings: ByteLevelSettings): AlignedText[] {
  if (text.chars.length === 0) return [];
  const spaced = settings.add_prefix_space && text.chars[0] !== ' ' ? prependText(' ', text) : text;
  const pieces = settings.use_regex ? splitText(spaced, { pattern: words, behavior: 'Isolated' }) : [spaced];
  return pieces.map((piece) => mapCharacters(piece, bytesOf));
}

function bytesOf(char: string): string {
  return Array.from(encoder.encode(char), (byte) => byteCharacters[byte]!).join('');
}
