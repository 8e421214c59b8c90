/** Ids of tokens, and pairs of tokens in the order they are merged. */
interface BpeVocabulary {
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly string[];
  /** Whether a text is read as if a space were before it. */
  readonly addPrefixSpace: boolean;
}

const robertaTokens = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'];
const gpt2Tokens = ['<|endoftext|>'];

/**
 * The content of a `tokenizer.json` for byte-level byte-pair encoding: RoBERTa's where the vocabulary has `<s>` and
 * `</s>`, around texts `<s> A </s>` and `<s> A </s> </s> B </s>`; else GPT-2's, with nothing around them.
 */
export function byteLevelTokenizerJson({ vocab, merges, addPrefixSpace }: BpeVocabulary): object {
  const [start, end] = [vocab['<s>'], vocab['</s>']];
  const isRoberta = start !== undefined && end !== undefined;
  const byteLevel = { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: true, use_regex: true };
  const roberta = { type: 'RobertaProcessing', sep: ['</s>', end], cls: ['<s>', start] };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: (isRoberta ? robertaTokens : gpt2Tokens).flatMap((content) => addedToken(content, vocab[content])),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: isRoberta
      ? { ...roberta, trim_offsets: true, add_prefix_space: addPrefixSpace }
      : { ...byteLevel, add_prefix_space: true, trim_offsets: false },
    decoder: byteLevel,
    model: { type: 'BPE', unk_token: null, vocab, merges },
  };
}

function addedToken(content: string, id: number | undefined): object[] {
  // A mask takes the space before it, so that it stands for a word with its space.
  const flags = { single_word: false, lstrip: content === '<mask>', rstrip: false, normalized: false, special: true };
  return id === undefined ? [] : [{ id, content, ...flags }];
}
