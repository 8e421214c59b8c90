import { type EncodedSequence, sequencesOf } from '@attune/core';
import { hasScoredChoices } from '../formats/model-config.ts';
import { hasTokenTypes } from '../formats/tokenizer-files.ts';
import { trainedHead } from '../formats/trained-head.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import { pythonInputs } from './python-inputs.ts';

/**
 * A Python program that runs a model of the transformers library on one instance.
 *
 * @param loading  lines that make `tokenizer` and `model`
 */
export function pythonExample(trial: RestoredTrial, loading: readonly string[]): string {
  const { instances, kind } = trial.prepared.report.formulated;
  const all = sequencesOf(instances[0]!);
  // Candidates are scored one by one, so one shows how.
  const sequences = kind === 'choice' ? all : all.slice(0, 1).map((sequence) => asAsked(sequence, trial));
  return [
    'import torch',
    ...loading,
    '',
    ...pythonInputs(sequences, trial),
    ...running(trial),
    ...reading(sequences, trial),
  ].join('\n');
}

/** A causal model is asked for what comes next: it is given what stands before the mask. */
function asAsked(sequence: EncodedSequence, trial: RestoredTrial): EncodedSequence {
  if (!predictsNext(trial)) return sequence;
  const end = sequence.maskPositions[0]!;
  const before = <Value>(values: readonly Value[]) => values.slice(0, end);
  return { ...sequence, inputIds: before(sequence.inputIds), tokenTypeIds: before(sequence.tokenTypeIds) };
}

const predictsNext = (trial: RestoredTrial) =>
  trainedHead(trial) === 'languageModel' && trial.prepared.model.languageModel === 'causal';

function running(trial: RestoredTrial): string[] {
  // A choice is one row of many sequences, where there is a head for choices.
  const isGrouped = trainedHead(trial) === 'choice' && !hasScoredChoices(trial.loaded, 'choice');
  const given = hasTokenTypes(trial.prepared.model)
    ? '**inputs'
    : 'inputs["input_ids"], attention_mask=inputs["attention_mask"]';
  return [
    ...(isGrouped ? ['inputs = {name: rows[None] for name, rows in inputs.items()}'] : []),
    'with torch.no_grad():',
    `    logits = model(${given}).logits`,
  ];
}

function reading([first]: readonly EncodedSequence[], trial: RestoredTrial): string[] {
  const { kind, labels, verbalizer } = trial.prepared.report.formulated;
  const places = predictsNext(trial) ? [-1] : first!.maskPositions;
  switch (kind) {
    case 'classification':
      return ['print(model.config.id2label[logits[0].argmax().item()], logits[0].tolist())', ''];
    case 'choice': {
      const scores = hasScoredChoices(trial.loaded, 'choice') ? 'logits[:, 0]' : 'logits[0]';
      return [`print("choice", ${scores}.argmax().item() + 1, ${scores}.tolist())`, ''];
    }
    case 'cloze': {
      const words = Object.fromEntries(labels.map((label, id) => [label, verbalizer![id]]));
      return [
        `words = ${JSON.stringify(words)}`,
        `scores = {label: logits[0, ${places[0]}, ids].mean().item() for label, ids in words.items()}`,
        'print(max(scores, key=scores.get), scores)',
        '',
      ];
    }
    case 'candidates':
    case 'fill':
      return [
        `for place in ${JSON.stringify(places)}:`,
        '    best = logits[0, place].argmax().item()',
        '    print(tokenizer.convert_ids_to_tokens(best), logits[0, place, best].item())',
        '',
      ];
    default:
      return kind satisfies never;
  }
}
