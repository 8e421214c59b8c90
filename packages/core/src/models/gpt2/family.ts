import { canonicalNames } from '../canonical-names.ts';
import type { ModelFamily } from '../model-family.ts';
import { parseGpt2Config } from './config.ts';
import { createGpt2 } from './gpt2.ts';

/** GPT-2 as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const gpt2Family: ModelFamily = {
  modelType: 'gpt2',
  create(value, where) {
    const config = parseGpt2Config(value, where);
    return { model: createGpt2(config), config };
  },
  canonicalName: canonicalNames({ prefix: 'transformer', backbone: ['wte', 'wpe', 'h', 'ln_f'] }),
  // Causal masks that older files hold beside the parameters.
  isBuffer: (name) => /^transformer\.h\.\d+\.attn\.(bias|masked_bias)$/.test(name),
  architectures: {
    classification: 'GPT2ForSequenceClassification',
    // A choice has one output of the same head.
    choice: 'GPT2ForSequenceClassification',
    languageModel: 'GPT2LMHeadModel',
  },
};
