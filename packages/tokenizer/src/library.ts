import * as library from '@huggingface/tokenizers';

/** A step of the library: text to text, or text to words. */
type Step<T> = (text: string, options?: { readonly section_index: number }) => T;

/** Of `@huggingface/tokenizers`, what is used: its type declarations cannot be resolved under Node's rules. */
interface Library {
  readonly Tokenizer: new (tokenizer: object, config: object) => LibraryTokenizer;
}

/** A tokenizer of `@huggingface/tokenizers`, as far as it is used here. */
export interface LibraryTokenizer {
  normalizer: Step<string> | null;
  readonly pre_tokenizer: Step<string[]> | null;
  readonly model: {
    /** Words to tokens; a token that is not in the vocabulary stands for the unknown one. */
    encode(words: readonly string[]): string[];
  };
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
  decode(ids: number[], options: { readonly clean_up_tokenization_spaces: boolean }): string;
}

export const { Tokenizer } = library as unknown as Library;

/** Steps of the library without a model. @throws Error for what it does not know */
export function libraryParts(parts: { readonly normalizer?: object; readonly pre_tokenizer?: object }) {
  return new Tokenizer({ ...emptyTokenizer, ...parts }, {});
}

/** The content of a Replace step for the library, which would read `$&` as `String.replaceAll` does. */
export const literalContent = (content: string) => content.replaceAll('$', '$$$$');

const emptyTokenizer = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: 'BPE', vocab: {}, merges: [] },
};
