import * as library from '@huggingface/tokenizers';

/** Of `@huggingface/tokenizers`, what is used: its type declarations cannot be resolved under Node's rules. */
interface Library {
  readonly Tokenizer: new (tokenizer: object, config: object) => LibraryTokenizer;
}

/** A tokenizer of `@huggingface/tokenizers`, as far as it is used here. */
interface LibraryTokenizer {
  decode(ids: number[], options: { readonly clean_up_tokenization_spaces: boolean }): string;
}

export const { Tokenizer } = library as unknown as Library;

/** The content of a Replace step for the library, which would read `$&` as `String.replaceAll` does. */
export const literalContent = (content: string) => content.replaceAll('$', '$$$$');
