import { createTokenizer, type Tokenizer } from '@attune/tokenizer';

/** "Ġ" is how byte-level vocabularies write a space. Words after one first, since pairs merge in this order. */
const words = ['ĠYes', 'ĠNo', 'ĠA', 'Ġcat', 'Ġeats', 'Ġquestion', 'Ġ.', 'Yes', 'No', 'A', 'question', '.'];

const specials = {
  roberta: ['<s>', '<pad>', '</s>', '<unk>', '<mask>'],
  gpt2: ['<|endoftext|>'],
} as const;

/** A byte-level tokenizer over a few words with and without a space before them, in RoBERTa's or GPT-2's layout. */
export function byteLevelTokenizer(family: keyof typeof specials): Tokenizer {
  const names: readonly string[] = specials[family];
  const vocab = new Map(names.map((name, id) => [name, id]));
  const merges: string[] = [];
  const add = (token: string) => vocab.set(token, vocab.get(token) ?? vocab.size);
  for (const word of words) {
    const [first = '', ...rest] = word;
    add(first);
    rest.reduce((prefix, letter) => {
      add(letter);
      if (!vocab.has(prefix + letter)) merges.push(`${prefix} ${letter}`);
      add(prefix + letter);
      return prefix + letter;
    }, first);
  }
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const roberta = { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0] };
  return createTokenizer({
    tokenizer: {
      added_tokens: names.map((content, id) => ({ id, content, special: true })),
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: family === 'roberta' ? roberta : byteLevel,
      decoder: byteLevel,
      model: { type: 'BPE', vocab: Object.fromEntries(vocab), merges },
    },
    where: family,
  });
}
