import * as library from '@huggingface/tokenizers';

/** Of `@huggingface/tokenizers`, what is used: its type declarations cannot be resolved under Node's rules. */
interface Library {
  /** Pieces of words by byte-pair encoding; `bpe` knows nothing of ids. */
  readonly BPE: new (
    config: object,
  ) => { bpe(word: string): string[] };
  readonly WordPiece: new (config: object) => { encode(words: readonly string[]): string[] };
  /** Translates a pattern of tokenizer.json into a regular expression; null when it is none. */
  readonly SplitPreTokenizer: new (
    config: object,
  ) => { readonly pattern: RegExp | null };
  readonly Tokenizer: new (
    tokenizer: object,
    config: object,
  ) => { decode(ids: number[], options: { readonly clean_up_tokenization_spaces: boolean }): string };
}

export const { BPE, SplitPreTokenizer, Tokenizer, WordPiece } = library as unknown as Library;
