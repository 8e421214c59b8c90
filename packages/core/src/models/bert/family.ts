import { canonicalNames } from '../canonical-names.ts';
import type { ModelFamily } from '../model-family.ts';
import { createBert } from './bert.ts';
import { parseBertConfig } from './config.ts';

/** BERT as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const bertFamily: ModelFamily = {
  modelType: 'bert',
  create(value, where) {
    const config = parseBertConfig(value, where);
    return { model: createBert(config), config };
  },
  canonicalName: canonicalNames({
    prefix: 'bert',
    backbone: ['embeddings', 'encoder', 'pooler'],
    aliases: { 'cls.predictions.decoder.bias': 'cls.predictions.bias' },
  }),
  architectures: {
    classification: 'BertForSequenceClassification',
    choice: 'BertForMultipleChoice',
    languageModel: 'BertForMaskedLM',
  },
};
