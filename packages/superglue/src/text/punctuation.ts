/** A text without the ASCII punctuation at its end, as PET prepares texts that a pattern continues. */
export function withoutFinalPunctuation(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]+$/, '');
}

/** A text whose first letter is in lower case, so that it can stand inside a sentence. */
export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
