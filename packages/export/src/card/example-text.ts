import { type EncodedSequence, inferenceIds } from '@attune/core';
import type { PreparedTrial } from '@attune/runner';
import { Tokenizer } from '@huggingface/tokenizers';
import { inferenceTokens } from '../formats/standalone-model.ts';
import type { exportedTokenizer } from '../formats/tokenizer-files.ts';

/** The text of a sequence as the exported tokenizer takes it: one segment or two. */
export interface ExampleText {
  readonly text: string;
  readonly textPair?: string;
}

/**
 * A sequence as text that the exported tokenizer turns into the very same ids; undefined where no text does, because
 * tokens do not always say how they were written.
 */
export function exampleText(
  sequence: EncodedSequence,
  prepared: Pick<PreparedTrial, 'tokenizer'>,
  files: ReturnType<typeof exportedTokenizer>,
): ExampleText | undefined {
  const tokenizer = new Tokenizer(files.tokenizer, files.config);
  const ids = inferenceIds(sequence, inferenceTokens(prepared));
  const { tokenTypeIds } = sequence;
  const segments = [0, 1].map((type) => ids.filter((_, position) => tokenTypeIds[position] === type));
  // The tokenizer's own template puts [CLS] first and [SEP] behind each segment.
  const [first = '', second = ''] = segments.map((segment, type) => decoded(tokenizer, segment.slice(1 - type, -1)));
  const example = segments[1]!.length === 0 ? { text: first } : { text: first, textPair: second };
  const encoded = tokenizer.encode(first, {
    return_token_type_ids: true,
    ...(segments[1]!.length === 0 ? {} : { text_pair: second }),
  });
  const isSame = encoded.ids.join() === ids.join() && encoded.token_type_ids.join() === tokenTypeIds.join();
  return isSame ? example : undefined;
}

function decoded(tokenizer: Tokenizer, ids: readonly number[]): string {
  return ids.length === 0 ? '' : tokenizer.decode([...ids], { clean_up_tokenization_spaces: true });
}
