/** Ids of tokens, and pairs of tokens in the order they are merged. */
interface BpeVocabulary {
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly string[];
  /** Whether a text is read as if a space were before it. */
  readonly addPrefixSpace: boolean;
  /** Tokens at the start and the end of each text; RoBERTa has its own. */
  readonly ends?: { readonly start?: string; readonly end?: string };
}

const robertaTokens = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'];
const gpt2Tokens = ['<|endoftext|>'];

/**
 * The content of a `tokenizer.json` for byte-level byte-pair encoding: RoBERTa's where the vocabulary has `<s>` and
 * `</s>`, around texts `<s> A </s>` and `<s> A </s> </s> B </s>`; else GPT-2's, with nothing around them.
 */
export function byteLevelTokenizerJson({ vocab, merges, addPrefixSpace, ends = {} }: BpeVocabulary): object {
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
      : (endsTemplate(vocab, ends) ?? { ...byteLevel, add_prefix_space: true, trim_offsets: false }),
    decoder: byteLevel,
    model: { type: 'BPE', unk_token: null, vocab, merges },
  };
}

function addedToken(content: string, id: number | undefined): object[] {
  // A mask takes the space before it, so that it stands for a word with its space.
  const flags = { single_word: false, lstrip: content === '<mask>', rstrip: false, normalized: false, special: true };
  return id === undefined ? [] : [{ id, content, ...flags }];
}

/** @returns undefined where no token stands around texts */
function endsTemplate(
  vocab: BpeVocabulary['vocab'],
  { start, end }: NonNullable<BpeVocabulary['ends']>,
): object | undefined {
  const names = [start, end].flatMap((name) => name ?? []);
  if (names.length === 0) return undefined;
  const around = (id: string, type_id: number) => [
    ...(start === undefined ? [] : [{ SpecialToken: { id: start, type_id } }]),
    { Sequence: { id, type_id } },
    ...(end === undefined ? [] : [{ SpecialToken: { id: end, type_id } }]),
  ];
  return {
    type: 'TemplateProcessing',
    single: around('A', 0),
    pair: [...around('A', 0), ...around('B', 1)],
    special_tokens: Object.fromEntries(names.map((id) => [id, { id, ids: [vocab[id]], tokens: [id] }])),
  };
}
