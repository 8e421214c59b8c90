/** Unicode's White_Space, which Rust and Oniguruma mean by white space; JavaScript's \s differs at U+0085 and U+FEFF. */
const whiteSpace = /^\p{White_Space}$/u;
const other = /^[\p{Cc}\p{Cf}\p{Co}\p{Cs}]$/u;
const punctuation = /^[\p{P}!-/:-@[-`{-~]$/u;
const numeric = /^[\p{Nd}\p{Nl}\p{No}]$/u;

/** What Rust's regular expressions mean by a word character, to be put into a class. */
export const wordCharacters = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

export const isWhiteSpace = (char: string): boolean => whiteSpace.test(char);

/** Control, format, private use. */
export const isOther = (char: string): boolean => other.test(char);

/** Unicode's punctuation and all of ASCII's, symbols included. */
export const isPunctuation = (char: string): boolean => punctuation.test(char);

export const isNumeric = (char: string): boolean => numeric.test(char);

const chineseRanges = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
] as const;

/** In a block of CJK ideographs, as BERT draws them (the sixth block starts late there, and here). */
export function isChinese(char: string): boolean {
  const code = char.codePointAt(0)!;
  return code >= 0x3400 && chineseRanges.some(([first, last]) => code >= first && code <= last);
}
