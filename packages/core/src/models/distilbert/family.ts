import { canonicalNames } from '../canonical-names.ts';
import type { ModelFamily } from '../model-family.ts';
import { parseDistilBertConfig } from './config.ts';
import { createDistilBert } from './distilbert.ts';

/** DistilBERT as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const distilBertFamily: ModelFamily = {
  modelType: 'distilbert',
  create(value, where) {
    const config = parseDistilBertConfig(value, where);
    return { model: createDistilBert(config), config };
  },
  canonicalName: canonicalNames({ prefix: 'distilbert', backbone: ['embeddings', 'transformer'] }),
  architectures: {
    classification: 'DistilBertForSequenceClassification',
    choice: 'DistilBertForMultipleChoice',
    languageModel: 'DistilBertForMaskedLM',
  },
};
