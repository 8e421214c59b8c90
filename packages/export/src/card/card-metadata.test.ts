import type { TrialRecord } from '@attune/records';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { FormatCard } from '../formats/export-format.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import { cardMetadata } from './model-card.ts';

const card: FormatCard = { libraryName: 'onnx', tags: ['onnx'], relation: 'finetune', about: '', usage: '' };
const hub = { repo: 'owner/base', commit: 'c'.repeat(40) };

function trialOf(model: Partial<TrialRecord['config']['model']>): RestoredTrial {
  const config = {
    model: { name: 'base', initialization: 'checkpoint', ...model },
    method: { name: 'lora' },
    task: { name: 'cb' },
    data: { reportedSplit: 'val' },
  };
  return {
    record: { config, scores: { accuracy: 0.75, f1Macro: 0.5, score: 0.625 } },
    plan: { task: { metrics: [{ name: 'accuracy' }, { name: 'f1Macro' }] } },
    prepared: { report: { formulated: { kind: 'cloze' } } },
    dataset: 'world: "made up"',
  } as unknown as RestoredTrial;
}

it('says what the hub asks for', () => {
  expect(cardMetadata(trialOf({ hub }), card, 'cb by lora: base')).toBe(`---
base_model: owner/base
base_model_relation: finetune
library_name: onnx
tags:
  - attune
  - onnx
  - lora
  - cb
datasets:
  - 'world: "made up"'
metrics:
  - accuracy
  - f1_macro
model-index:
  - name: "cb by lora: base"
    results:
      - task:
          type: text-classification
          name: cb
        dataset:
          name: 'cb of world: "made up"'
          type: 'world: "made up"'
          config: cb
          split: val
        metrics:
          - type: accuracy
            name: accuracy
            value: 0.75
          - type: f1_macro
            name: f1Macro
            value: 0.5
---
`);
});

it.each([
  ['a folder', {}],
  ['random weights', { hub, initialization: 'random' as const }],
])('names no base model for %s', (_what, model) => {
  const [, yaml] = cardMetadata(trialOf(model), card, 'x').split('---\n');
  expect(Object.keys(parse(yaml!))).toEqual(['library_name', 'tags', 'datasets', 'metrics', 'model-index']);
});
