import { canonicalNames } from '../canonical-names.ts';
import type { ModelFamily } from '../model-family.ts';
import { parseRobertaConfig } from './config.ts';
import { createRoberta } from './roberta.ts';

/** RoBERTa as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const robertaFamily: ModelFamily = {
  modelType: 'roberta',
  create(value, where) {
    const config = parseRobertaConfig(value, where);
    return { model: createRoberta(config), config };
  },
  canonicalName: canonicalNames({
    prefix: 'roberta',
    backbone: ['embeddings', 'encoder', 'pooler'],
    aliases: { 'lm_head.decoder.bias': 'lm_head.bias' },
  }),
  architectures: {
    classification: 'RobertaForSequenceClassification',
    choice: 'RobertaForMultipleChoice',
    languageModel: 'RobertaForMaskedLM',
  },
};
