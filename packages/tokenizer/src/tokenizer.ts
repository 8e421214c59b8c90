/** Ids of special tokens; what a family does not have is absent. */
export interface SpecialIds {
  readonly cls?: number;
  readonly sep?: number;
  readonly mask?: number;
  readonly unk?: number;
  readonly bos?: number;
  readonly eos?: number;
  /**
   * Fills batches up. Never absent: where there is no padding token it is the end-of-text token (as is usual for GPT-2
   * and Llama), else the unknown token, else the first one. Attention masks hide it.
   */
  readonly pad: number;
}

interface EncodeOptions {
  /**
   * The text continues a sentence after a space. Byte-level vocabularies have other tokens there (" Yes" against
   * "Yes"); others do not care.
   */
  readonly afterSpace?: boolean;
}

/** Text to ids for one model. Special tokens are placed by the formulation, never by `encode`. */
export interface Tokenizer {
  readonly vocabSize: number;
  readonly specialIds: SpecialIds;
  /** Where sequences of a batch are filled up; right for BERT, and unless tokenizer_config.json says otherwise. */
  readonly paddingSide: 'left' | 'right';
  /** Which special tokens stand around one text or two. */
  readonly layout: SequenceLayout;
  /** Ids of a piece of text, without special tokens; a special token's name in it, say "[MASK]", is characters. */
  encode(text: string, options?: EncodeOptions): number[];
  decode(ids: readonly number[]): string;
  tokenToId(token: string): number | undefined;
}

/** Special tokens around texts: `prefix A suffix`, or `prefix A joiner B suffix`. */
export interface SequenceLayout {
  readonly single: { readonly prefix: readonly number[]; readonly suffix: readonly number[] };
  readonly pair: {
    readonly prefix: readonly number[];
    readonly joiner: readonly number[];
    readonly suffix: readonly number[];
    /** Token types of the joiner's tokens; what is before them has 0. */
    readonly joinerTokenTypes: readonly (0 | 1)[];
  };
  /** Token type of the second text and what follows it: 0 where texts are not told apart. */
  readonly secondTokenType: 0 | 1;
}
