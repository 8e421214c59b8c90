import { saveModelDirectory, wordPieceTokenizerJson } from '@attune/core';
import { tinyBert } from '@attune/testing';

const words = ['calm', 'rough', 'sea', 'is', 'the', 'high', 'low', 'today', '.', ...'abcdefghij'];

/** A model directory of a few kilobytes. */
export async function saveTinyModel(directory: string): Promise<void> {
  const { config, values } = tinyBert();
  await saveModelDirectory(directory, { config, values, tokenizerFiles: { tokenizer: wordPieceTokenizerJson(words) } });
}
