import { type EncodedSequence, type Formulated, modelFamily } from '@attune/core';
import { tinyBert } from '@attune/testing';
import { createTokenizer, wordPieceTokenizerJson } from '@attune/tokenizer';
import { expect, it } from 'vitest';
import type { RestoredTrial } from '../restore-trial.ts';
import { pythonExample } from './python-example.ts';

const gpt2Config = { model_type: 'gpt2', vocab_size: 9, n_embd: 4, n_layer: 1, n_head: 1 };
const gpt2 = modelFamily(gpt2Config, 'gpt2').create(gpt2Config, 'gpt2');
// [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, [MASK] 4, then the words.
const json = wordPieceTokenizerJson(['river', 'bank', 'yes']);
const tokenizer = createTokenizer({ tokenizer: json });

function sequence(inputIds: readonly number[], change: Partial<EncodedSequence> = {}): EncodedSequence {
  const tokenTypeIds = inputIds.map(() => 0);
  return { inputIds, tokenTypeIds, maskPositions: [], virtualTokenPositions: [], ...change };
}

function example(parts: Pick<RestoredTrial['loaded'], 'model' | 'config'>, formulated: Partial<Formulated<unknown>>) {
  const loaded = { ...parts, tokenizer, tokenizerFiles: { tokenizer: json } };
  const prepared = { model: parts.model, tokenizer, report: { formulated: { labels: [], ...formulated } } };
  return pythonExample({ prepared, loaded } as unknown as RestoredTrial, ['model = ...']);
}

it('asks for a classification by text', () => {
  const instances = [
    { kind: 'classification', sequence: sequence([2, 5, 3, 6, 3], { tokenTypeIds: [0, 0, 0, 1, 1] }) },
  ];
  expect(example(tinyBert(), { kind: 'classification', instances } as never)).toBe(`import torch
model = ...

inputs = tokenizer("river", "bank", return_token_type_ids=True, return_tensors="pt")
with torch.no_grad():
    logits = model(**inputs).logits
print(model.config.id2label[logits[0].argmax().item()], logits[0].tolist())
`);
});

it('pads choices, one row of many for a head of choices', () => {
  const instances = [{ kind: 'choice', sequences: [sequence([2, 5, 3]), sequence([2, 5, 6, 3])] }];
  expect(example(tinyBert(), { kind: 'choice', instances } as never)).toBe(`import torch
model = ...

inputs = tokenizer(["river","river bank"], padding=True, padding_side="right", return_token_type_ids=True, return_tensors="pt")
inputs = {name: rows[None] for name, rows in inputs.items()}
with torch.no_grad():
    logits = model(**inputs).logits
print("choice", logits[0].argmax().item() + 1, logits[0].tolist())
`);
});

it('gives ids where no text does, and many rows to a classification of one output', () => {
  const instances = [{ kind: 'choice', sequences: [sequence([5]), sequence([5, 6])] }];
  expect(example(gpt2, { kind: 'choice', instances } as never)).toBe(`import torch
model = ...

inputs = {
    "input_ids": torch.tensor([[5,0],[5,6]]),
    "attention_mask": torch.tensor([[1,0],[1,1]]),
}
with torch.no_grad():
    logits = model(inputs["input_ids"], attention_mask=inputs["attention_mask"]).logits
print("choice", logits[:, 0].argmax().item() + 1, logits[:, 0].tolist())
`);
});

it('asks a causal model for what comes after the text before a mask', () => {
  const instances = [{ kind: 'cloze', sequence: sequence([5, 6, 1], { maskPositions: [2] }) }];
  const formulated = { kind: 'cloze', instances, labels: ['true'], verbalizer: [[7]] };
  expect(example(gpt2, formulated as never)).toBe(`import torch
model = ...

inputs = {
    "input_ids": torch.tensor([[5,6]]),
    "attention_mask": torch.tensor([[1,1]]),
}
with torch.no_grad():
    logits = model(inputs["input_ids"], attention_mask=inputs["attention_mask"]).logits
words = {"true":[7]}
scores = {label: logits[0, -1, ids].mean().item() for label, ids in words.items()}
print(max(scores, key=scores.get), scores)
`);
});

it('reads every mask of a masked model', () => {
  const instances = [{ kind: 'fill', sequence: sequence([2, 4, 4, 3], { maskPositions: [1, 2] }) }];
  expect(example(tinyBert(), { kind: 'fill', instances } as never)).toContain(`
for place in [1,2]:
    best = logits[0, place].argmax().item()
`);
});
