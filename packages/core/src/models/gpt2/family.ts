import type { ModelFamily } from '../model-family.ts';
import { canonicalGpt2Name, isGpt2Buffer } from './canonical-name.ts';
import { parseGpt2Config } from './config.ts';
import { createGpt2 } from './gpt2.ts';

export const gpt2Family: ModelFamily = {
  modelType: 'gpt2',
  create(value, where) {
    const config = parseGpt2Config(value, where);
    return { model: createGpt2(config), config };
  },
  canonicalName: canonicalGpt2Name,
  isBuffer: isGpt2Buffer,
  architectures: {
    classification: 'GPT2ForSequenceClassification',
    // A choice has one output of the same head.
    choice: 'GPT2ForSequenceClassification',
    languageModel: 'GPT2LMHeadModel',
  },
};
