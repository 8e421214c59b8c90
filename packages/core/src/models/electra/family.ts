import { canonicalNames } from '../canonical-names.ts';
import type { ModelFamily } from '../model-family.ts';
import { parseElectraConfig } from './config.ts';
import { createElectra } from './electra.ts';

/** ELECTRA as checkpoints have it: names of its parameters, and Hugging Face's classes by head. */
export const electraFamily: ModelFamily = {
  modelType: 'electra',
  create(value, where) {
    const config = parseElectraConfig(value, where);
    return { model: createElectra(config), config };
  },
  canonicalName: canonicalNames({
    prefix: 'electra',
    backbone: ['embeddings', 'embeddings_project', 'encoder'],
  }),
  architectures: {
    classification: 'ElectraForSequenceClassification',
    choice: 'ElectraForMultipleChoice',
    languageModel: 'ElectraForMaskedLM',
  },
};
