import { parseBertConfig, parseGpt2Config } from '@attune/core';
import type { TrialRecord } from '@attune/records';
import { expect, test } from 'vitest';
import { exportedConfig, type HeadName } from './merged-model.ts';

const sizes = { vocab_size: 9, hidden_size: 4, num_hidden_layers: 1, num_attention_heads: 1, intermediate_size: 4 };
const bert = parseBertConfig({ ...sizes, model_type: 'bert', max_position_embeddings: 8 }, 'bert');
const gpt2 = parseGpt2Config({ model_type: 'gpt2', vocab_size: 9, n_embd: 4, n_layer: 1, n_head: 1 }, 'gpt2');
const named = { name: '' };
const record = { key: '', config: { method: named, task: named } } as unknown as TrialRecord;

test.each<[string, object, HeadName, object]>([
  [
    'a classification',
    bert,
    'classification',
    {
      architectures: ['BertForSequenceClassification'],
      id2label: { 0: 'no', 1: 'yes' },
      label2id: { no: 0, yes: 1 },
    },
  ],
  ['a head for choices', bert, 'choice', { architectures: ['BertForMultipleChoice'] }],
  [
    'choices scored by a classification',
    gpt2,
    'choice',
    { architectures: ['GPT2ForSequenceClassification'], id2label: { 0: 'score' }, label2id: { score: 0 } },
  ],
  ['a language model', gpt2, 'languageModel', { architectures: ['GPT2LMHeadModel'] }],
])('labels of %s', (_what, config, head, expected) => {
  const loaded = { config, model: undefined } as unknown as Parameters<typeof exportedConfig>[0]['loaded'];
  const call = { loaded, kind: 'cloze', head, labels: ['no', 'yes'], record } as const;
  const { architectures, id2label, label2id } = exportedConfig(call);
  expect({ architectures, id2label, label2id }).toEqual(expected);
});
