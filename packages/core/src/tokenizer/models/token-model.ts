/** A piece of a word: its id and the characters [start, end) of the word that it stands for. */
export interface WordToken {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** Cuts one word, given as its characters, into tokens. */
export type TokenModel = (chars: readonly string[]) => readonly WordToken[];

/** How byte-fallback vocabularies name a byte, e.g. "<0x0A>". */
export const byteToken = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

const encoder = new TextEncoder();

/** Ids of a text's UTF-8 bytes; undefined when the vocabulary lacks one of them. */
export function byteFallback(text: string, vocabulary: ReadonlyMap<string, number>): number[] | undefined {
  const ids = Array.from(encoder.encode(text), (byte) => vocabulary.get(byteToken(byte)));
  return ids.every((id) => id !== undefined) ? ids : undefined;
}
