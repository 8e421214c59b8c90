import { canonicalNames } from '../canonical-names.ts';
import type { ModelFamily } from '../model-family.ts';
import { createAlbert } from './albert.ts';
import { parseAlbertConfig } from './config.ts';

/** ALBERT as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const albertFamily: ModelFamily = {
  modelType: 'albert',
  create(value, where) {
    const config = parseAlbertConfig(value, where);
    return { model: createAlbert(config), config };
  },
  canonicalName: canonicalNames({
    prefix: 'albert',
    backbone: ['embeddings', 'encoder', 'pooler'],
    aliases: { 'predictions.decoder.bias': 'predictions.bias' },
  }),
  architectures: {
    classification: 'AlbertForSequenceClassification',
    choice: 'AlbertForMultipleChoice',
    languageModel: 'AlbertForMaskedLM',
  },
};
