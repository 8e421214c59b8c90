import { codeLiteral } from '@attune/base';
import type { EncodedSequence } from '@attune/core';
import { inferenceIds, sequencesOf } from '@attune/training';
import { hasScoredChoices, trainedHead } from '../formats/merged-model.ts';
import { paddingToken } from '../formats/padding-token.ts';
import { inferenceTokens } from '../formats/standalone-model.ts';
import { exportedTokenizer, hasTokenTypes } from '../formats/tokenizer-files.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import { exampleText } from './example-code.ts';

/** Lines that make `inputs` of some sequences: from text where text gives the ids, else from the ids. */
function pythonInputs(sequences: readonly EncodedSequence[], trial: RestoredTrial): string[] {
  const { prepared, loaded } = trial;
  const files = exportedTokenizer(loaded, 0);
  const texts = sequences.flatMap((sequence) => exampleText(sequence, prepared, files) ?? []);
  const pairs = texts.flatMap(({ textPair }) => textPair ?? []);
  const isText = texts.length === sequences.length && [0, texts.length].includes(pairs.length);
  if (!isText) return fromIds(sequences, trial);
  const segments = [texts.map(({ text }) => text), ...(pairs.length === 0 ? [] : [pairs])];
  const given = segments.map((values) => codeLiteral(values.length === 1 ? values[0] : values));
  const options = [
    ...(texts.length > 1 ? ['padding=True', 'padding_side="right"'] : []),
    ...(hasTokenTypes(prepared.model) ? ['return_token_type_ids=True'] : []),
    'return_tensors="pt"',
  ];
  const isPadded = texts.length > 1 && paddingToken(loaded) === undefined;
  // A tokenizer without a token for padding refuses to pad.
  const padding = `tokenizer.pad_token_id = ${prepared.tokenizer.specialIds.pad}`;
  return [...(isPadded ? [padding] : []), `inputs = tokenizer(${[...given, ...options].join(', ')})`];
}

function fromIds(sequences: readonly EncodedSequence[], { prepared, loaded }: RestoredTrial): string[] {
  const { model, tokenizer } = prepared;
  const length = Math.max(...sequences.map(({ inputIds }) => inputIds.length));
  const tensor = (name: string, rows: readonly (readonly number[])[], filling: number) => {
    const padded = rows.map((row) => [...row, ...new Array<number>(length - row.length).fill(filling)]);
    return `    "${name}": torch.tensor(${JSON.stringify(padded)}),`;
  };
  const ids = sequences.map((sequence) => inferenceIds(sequence, inferenceTokens(prepared)));
  const types = sequences.map(({ tokenTypeIds }) => tokenTypeIds);
  return [
    'inputs = {',
    tensor('input_ids', ids, paddingToken(loaded)?.id ?? tokenizer.specialIds.pad),
    ...(hasTokenTypes(model) ? [tensor('token_type_ids', types, 0)] : []),
    tensor(
      'attention_mask',
      ids.map((row) => row.map(() => 1)),
      0,
    ),
    '}',
  ];
}

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
        `words = ${codeLiteral(words)}`,
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
