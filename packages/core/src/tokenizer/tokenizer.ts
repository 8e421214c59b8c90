/** Text to ids for one model. Special tokens are placed by the formulation, never by `encode`. */
export interface Tokenizer {
  readonly vocabSize: number;
  readonly specialIds: {
    readonly cls: number;
    readonly sep: number;
    readonly mask: number;
    readonly pad: number;
    readonly unk: number;
  };
  /** Ids of a piece of text, without special tokens. */
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
  tokenToId(token: string): number | undefined;
}
