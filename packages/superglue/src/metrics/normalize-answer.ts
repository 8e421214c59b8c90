const ASCII_PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** `\b` knows ASCII letters only and would cut the last letter off "léa". */
const ARTICLE = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
/** Python's whitespace: unlike `\s` without U+FEFF, and with the separators U+001C to U+001F and U+0085. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python splits on these.
const WHITESPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/**
 * The words of an answer after SQuAD's normalisation: lower case, ASCII punctuation deleted (not blanked), the
 * articles a, an and the dropped, split on whitespace.
 */
export function answerWords(answer: string): string[] {
  const bare = answer.toLowerCase().replace(ASCII_PUNCTUATION, '').replace(ARTICLE, ' ');
  return bare.split(WHITESPACE).filter((word) => word !== '');
}

/** An answer after SQuAD's normalisation, as one string. */
export function normalizeAnswer(answer: string): string {
  return answerWords(answer).join(' ');
}
