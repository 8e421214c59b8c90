import { canonicalNames } from '../canonical-names.ts';
import type { ModelFamily } from '../model-family.ts';
import { llamaModelTypes, parseLlamaConfig } from './config.ts';
import { createLlama } from './llama.ts';

/** Llama and its relatives, which differ in what a config.json may say and in the names of their classes. */
export const llamaFamilies: readonly ModelFamily[] = llamaModelTypes.map((modelType) => {
  const classes = modelType.replace(/^./, (letter) => letter.toUpperCase());
  return {
    modelType,
    create(value, where) {
      const { config, fields } = parseLlamaConfig(value, where);
      return { model: createLlama(config), config: fields };
    },
    canonicalName: canonicalNames({ prefix: 'model', backbone: ['embed_tokens', 'layers', 'norm'] }),
    // Frequencies of rotary positions that older files hold beside the parameters.
    isBuffer: (name) => /\.rotary_emb\.inv_freq$/.test(name),
    architectures: {
      classification: `${classes}ForSequenceClassification`,
      // A choice has one output of the same head.
      choice: `${classes}ForSequenceClassification`,
      languageModel: `${classes}ForCausalLM`,
    },
  };
});
