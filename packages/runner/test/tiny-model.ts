import { saveModelDirectory } from '@attune/checkpoints/node';
import { tinyBert } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';

const words = ['calm', 'rough', 'sea', 'is', 'the', 'high', 'low', 'today', '.', ...'abcdefghij'];

/** A model directory of a few kilobytes. @param tokenizerConfig  content of tokenizer_config.json */
export async function saveTinyModel(directory: string, tokenizerConfig?: object): Promise<void> {
  const { config, values } = tinyBert();
  const tokenizerFiles = { tokenizer: wordPieceTokenizerJson(words), config: tokenizerConfig };
  await saveModelDirectory(directory, { config, values, tokenizerFiles });
}
